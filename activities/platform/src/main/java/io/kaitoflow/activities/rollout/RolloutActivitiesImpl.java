package io.kaitoflow.activities.rollout;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;

/** The workflow's door to a rollout. */
public final class RolloutActivitiesImpl implements RolloutActivities {

    private final Rollout rollout;

    public RolloutActivitiesImpl(Rollout rollout) {
        this.rollout = rollout;
    }

    @Override
    public TunerHandle startTuner(TunerInput input) {
        return ActivityFailures.call(() -> rollout.startTuner(input));
    }

    @Override
    public TunerEnd tunerEnd(WorkspaceId id) {
        return ActivityFailures.call(() -> rollout.tunerEnd(id));
    }

    @Override
    public void stopTuner(WorkspaceId id) {
        ActivityFailures.run(() -> rollout.stopTuner(id));
    }

    @Override
    public Endpoint roll(RollInput input) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        return ActivityFailures.call(() -> rollout.roll(input, () -> context.heartbeat(null)));
    }

    @Override
    public void retire(WorkspaceId id) {
        ActivityFailures.run(() -> rollout.retire(id));
    }
}
