package io.kaitoflow.workflows.rollout;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Starts and stops the processes on leased machines. Every call is idempotent. */
@ActivityInterface(namePrefix = "Rollout.")
public interface RolloutActivities {

    /** Where the tuner runs; {@code attempt} counts its starts. */
    record TunerInput(WorkspaceId id, NodeLease lease, int attempt) {}

    /** What is served and where. */
    record RollInput(WorkspaceId id, NodeLease lease, Preset preset, List<ServedAdapter> adapters) {
        public RollInput {
            adapters = List.copyOf(adapters);
        }
    }

    /** Starts the tuner, or a new one when the old one is gone; returns when it polls its queue. */
    TunerHandle startTuner(TunerInput input);

    /** Stops the tuner and waits until it is gone; nothing to stop is fine. */
    void stopTuner(WorkspaceId id);

    /** Rolls the server out and waits until it is ready. Fails with {@code SERVER_NOT_READY} or {@code PORT_IN_USE}. */
    Endpoint roll(RollInput input);

    /** Stops the server and waits until it is gone; nothing to stop is fine. */
    void retire(WorkspaceId id);
}
