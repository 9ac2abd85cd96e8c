package io.kaitoflow.worker.control;

import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.TunerHandle;

/** Says that this release starts no pods; nothing was started, so there is nothing to stop. */
final class RolloutToCome implements Rollout {

    @Override
    public TunerHandle startTuner(TunerInput input) {
        throw absent("tuner", input.id());
    }

    @Override
    public void stopTuner(WorkspaceId id) {
        // Nothing was started.
    }

    @Override
    public Endpoint roll(RollInput input, Runnable waiting) {
        throw absent("server", input.id());
    }

    @Override
    public void retire(WorkspaceId id) {
        // Nothing was started.
    }

    private static RolloutException absent(String what, WorkspaceId id) {
        return new RolloutException.Unsupported("The machine is there, but this release starts no " + what
                + " pod in a cluster, so " + id.name() + " ends here and the machine goes back.");
    }
}
