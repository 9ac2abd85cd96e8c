package io.kaitoflow.workflows.request;

import java.util.Objects;
import java.util.Optional;

/**
 * An override on top of the desired state. It ends with the opposite verb or with a change of the annotation, never with its
 * absence.
 *
 * @param action what is to happen
 * @param sequence orders verbs of one source, annotations and signals being two; only a greater number than the last seen
 *     counts, so an annotation keeps its number until it changes
 * @param reason shown in the status
 * @param extension by how much, of {@link Action#EXTEND}
 */
public record Verb(Action action, long sequence, String reason, Optional<Extension> extension) {

    public Verb {
        // Absent from what older releases wrote.
        extension = Objects.requireNonNullElse(extension, Optional.empty());
    }

    /** One that needs no amount. */
    public Verb(Action action, long sequence, String reason) {
        this(action, sequence, reason, Optional.empty());
    }

    /** The things a person can order. */
    public enum Action {
        PAUSE,
        RESUME,
        CANCEL,
        RETRY,
        /** Goes on beyond a budget or a time that was set. */
        EXTEND
    }
}
