package io.kaitoflow.workflows.failure;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;

/**
 * What a user sees of a failed step.
 *
 * @param kind decides retry and advice
 * @param message what was tried, on what, and what was answered
 */
public record Failure(FailureKind kind, String message) {

    /**
     * Reads what {@link ActivityFailures} wrote.
     *
     * @param onTimeout the kind when nobody answered at all
     */
    public static Failure of(ActivityFailure thrown, FailureKind onTimeout) {
        return switch (thrown.getCause()) {
            case ApplicationFailure told -> new Failure(FailureKind.named(told.getType()), words(told));
            case TimeoutFailure silent -> new Failure(onTimeout, silence(thrown, silent));
            case CanceledFailure _ -> new Failure(FailureKind.CANCELLED, thrown.getActivityType() + " was cancelled.");
            case null, default -> new Failure(FailureKind.INTERNAL, String.valueOf(thrown.getMessage()));
        };
    }

    /** The message with the advice. */
    public String sentence() {
        return message + " " + kind.advice();
    }

    /** An error of the Java machine may come without words; then its name says more than nothing. */
    private static String words(ApplicationFailure told) {
        String message = told.getOriginalMessage();
        return message == null || message.isBlank() ? told.getType() : message;
    }

    private static String silence(ActivityFailure thrown, TimeoutFailure silent) {
        String activity = thrown.getActivityType();
        return switch (silent.getTimeoutType()) {
            case TIMEOUT_TYPE_HEARTBEAT -> activity + " fell silent.";
            case TIMEOUT_TYPE_SCHEDULE_TO_START -> activity + " was not begun in time: nobody polls its queue.";
            default -> activity + " did not end in time.";
        };
    }
}
