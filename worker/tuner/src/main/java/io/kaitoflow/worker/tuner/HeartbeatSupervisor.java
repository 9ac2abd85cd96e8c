package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.tuning.StepSupervisor;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Supervises one run of an activity: progress goes into heartbeats, and the answer that the work is not wanted any more is kept
 * until the trainer has saved what it has.
 */
final class HeartbeatSupervisor implements StepSupervisor {

    private final ActivityExecutionContext context;
    private @Nullable ActivityCompletionException ended;

    private HeartbeatSupervisor(ActivityExecutionContext context) {
        this.context = context;
    }

    /** For the activity that the calling thread runs. */
    static HeartbeatSupervisor ofThisActivity() {
        return new HeartbeatSupervisor(Activity.getExecutionContext());
    }

    @Override
    public void report(TuningProgress progress) {
        try {
            context.heartbeat(progress);
        } catch (ActivityCompletionException notWanted) {
            ended = notWanted;
        }
    }

    @Override
    public boolean stopRequested() {
        return ended != null;
    }

    @Override
    public RuntimeException stopped() {
        return ended == null ? new IllegalStateException("The trainer stopped although nobody asked it to") : ended;
    }
}
