package io.kaitoflow.workflows.plan;

import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.temporal.activity.ActivityInterface;

/** Reads the catalogue; a local activity, pure but for that. */
@ActivityInterface(namePrefix = "Plan.")
public interface PlanActivities {

    /** @return the plan; fails with {@code INVALID_REQUEST} or {@code MEMORY_TOO_SMALL} when there can be none */
    WorkspacePlan plan(WorkspaceRequest request);
}
