package io.kaitoflow.workflows.request;

/**
 * An override on top of the desired state. It ends with the opposite verb or with a change of the annotation, never with its
 * absence.
 *
 * @param action what is to happen
 * @param sequence orders verbs of one source, annotations and signals being two; only a greater number than the last seen
 *     counts, so an annotation keeps its number until it changes
 * @param reason shown in the status
 */
public record Verb(Action action, long sequence, String reason) {

    /** The things a person can order. */
    public enum Action {
        PAUSE,
        RESUME,
        CANCEL,
        RETRY
    }
}
