package io.kaitoflow.workflows.failure;

/**
 * What a user sees of a failed step.
 *
 * @param kind decides retry and advice
 * @param message what was tried, on what, and what was answered
 */
public record Failure(FailureKind kind, String message) {

    /** The message with the advice. */
    public String sentence() {
        return message + " " + kind.advice();
    }
}
