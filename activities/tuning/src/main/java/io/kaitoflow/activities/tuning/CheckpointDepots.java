package io.kaitoflow.activities.tuning;

import io.kaitoflow.activities.checkpoint.CheckpointDepot;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;

/** Knows where the checkpoints of a run go so that they outlive its machine. Owned here, implemented by the worker. */
@FunctionalInterface
public interface CheckpointDepots {

    /** @param run digest of everything that decides it */
    CheckpointDepot of(WorkspaceId id, TuningJob job, Digest run);

    /** The machine itself outlives the run, as a user's own does. */
    static CheckpointDepots none() {
        return (id, job, run) -> CheckpointDepot.none();
    }
}
