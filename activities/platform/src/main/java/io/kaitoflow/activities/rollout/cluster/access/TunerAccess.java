package io.kaitoflow.activities.rollout.cluster.access;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Map;

/** What lets a workspace's tuner in where it polls, made anew for each attempt. */
@FunctionalInterface
public interface TunerAccess {

    /** Files by their names, secret ones among them. */
    Map<String, String> files(WorkspaceId id);

    /** Where everybody is let in. */
    static TunerAccess open() {
        return id -> Map.of();
    }
}
