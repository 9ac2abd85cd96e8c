package io.kaitoflow.activities.rollout;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;

/** The workflow's door to a rollout. */
public final class RolloutActivitiesImpl implements RolloutActivities {

    private final Rollout rollout;
    private final SpeedTest speedTest = new SpeedTest();

    public RolloutActivitiesImpl(Rollout rollout) {
        this.rollout = rollout;
    }

    @Override
    public TunerHandle startTuner(TunerInput input) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        return ActivityFailures.call(() -> rollout.startTuner(input, evidence -> tell(context, evidence)));
    }

    @Override
    public TunerHandle startPusher(PusherInput input) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        return ActivityFailures.call(() -> rollout.startPusher(input, evidence -> tell(context, evidence)));
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
    public boolean servedInPlace(RollInput input) {
        return ActivityFailures.call(() -> rollout.servedInPlace(input));
    }

    @Override
    public Endpoint roll(RollInput input) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        return ActivityFailures.call(() -> {
            Endpoint endpoint = rollout.roll(input, evidence -> tell(context, evidence));
            // What an owner's own pod answers is not known.
            return input.terms().measured() && input.template().isEmpty() ? measured(input, endpoint) : endpoint;
        });
    }

    private Endpoint measured(RollInput input, Endpoint endpoint) {
        return speedTest
                .of(rollout.reach(input, endpoint), endpoint.model(), rollout.key(input))
                .map(endpoint::with)
                .orElse(endpoint);
    }

    /** What is wrong stands in the status while it is borne. */
    private static void tell(ActivityExecutionContext context, String evidence) {
        context.heartbeat(TuningProgress.of(evidence.isEmpty() ? "starting" : evidence, 0, 0));
    }

    @Override
    public void retire(WorkspaceId id) {
        ActivityFailures.run(() -> rollout.retire(id));
    }
}
