package io.kaitoflow.workflows.rollout;

import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.function.Function;

/**
 * A step that is offered to a tuner. One that went away between two steps takes nothing and says nothing; so a step that is not begun
 * within seconds is offered again, each time for twice as long, only while whoever started the tuner sees it standing.
 *
 * @param id whose tuner
 * @param step options, with the first patience as its schedule-to-start timeout
 * @param question options of asking who started it
 * @param longest patience in all
 */
public record TunerOffer(WorkspaceId id, ActivityOptions step, ActivityOptions question, Duration longest) {

    /** Runs that waited for a tuner in vain before this asked nobody. */
    private static final String MARKER = "tuner-missed";

    /**
     * The step's result.
     *
     * @param call makes a stub with the options, and calls it
     * @throws ActivityFailure of the step, or that it was not begun
     */
    public <T> T take(Function<ActivityOptions, T> call) {
        Duration patience = step.getScheduleToStartTimeout();
        Duration waited = patience;
        while (true) {
            try {
                return call.apply(ActivityOptions.newBuilder(step)
                        .setScheduleToStartTimeout(patience)
                        .build());
            } catch (ActivityFailure failed) {
                if (!notBegun(failed) || waited.compareTo(longest) >= 0 || gone()) {
                    throw failed;
                }
            }
            patience = patience.multipliedBy(2);
            waited = waited.plus(patience);
        }
    }

    private static boolean notBegun(ActivityFailure failed) {
        return failed.getCause() instanceof TimeoutFailure late
                && late.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START;
    }

    /** Nobody's answer is no reason to give a tuner up. */
    private boolean gone() {
        if (Workflow.getVersion(MARKER, Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION) {
            return true;
        }
        try {
            return Workflow.newActivityStub(RolloutActivities.class, question)
                    .tunerEnd(id)
                    .gone();
        } catch (ActivityFailure unanswered) {
            if (unanswered.getCause() instanceof CanceledFailure cancelled) {
                throw cancelled;
            }
            return false;
        }
    }
}
