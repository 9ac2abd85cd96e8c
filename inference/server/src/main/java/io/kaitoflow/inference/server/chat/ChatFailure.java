package io.kaitoflow.inference.server.chat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Everything that can keep a request from its reply; one child per reaction of the caller. */
public abstract sealed class ChatFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String text;

    private ChatFailure(String text) {
        super(text);
        this.text = text;
    }

    /** What the caller is told: what was wrong and what to do. */
    public String text() {
        return text;
    }

    /** Correct the request; {@code parameter} is the field at fault. */
    public static final class BadRequest extends ChatFailure {
        private static final long serialVersionUID = 1L;
        private final String parameter;

        /** {@code message} names the parameter and says what would be accepted. */
        public BadRequest(String parameter, String message) {
            super(message);
            this.parameter = parameter;
        }

        /** Path of the field at fault, such as {@code messages[0].role}. */
        public String parameter() {
            return parameter;
        }
    }

    /** Ask for another model. */
    public static final class UnknownModel extends ChatFailure {
        private static final long serialVersionUID = 1L;

        /** {@code served} are the names that would do. */
        public UnknownModel(String name, List<String> served) {
            super("No model is named \"" + name + "\" here; served: " + String.join(", ", served) + ".");
        }
    }

    /** Ask again: the adapter went between the look at its name and the start. */
    public static final class AdapterGone extends ChatFailure {
        private static final long serialVersionUID = 1L;

        /** {@code message} names the adapter. */
        public AdapterGone(String message) {
            super(message);
        }
    }

    /** Come back later: every slot and place in the queue is taken, the model loads, or the server goes away. */
    public static final class Busy extends ChatFailure {
        private static final long serialVersionUID = 1L;
        private final Duration retryAfter;

        /** {@code message} says what is going on. */
        public Busy(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        /** When to try again. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** Ask for less: the reply was not done in time. */
    public static final class DeadlineExceeded extends ChatFailure {
        private static final long serialVersionUID = 1L;

        DeadlineExceeded(Duration deadline, int tokens) {
            super("The reply was not done after " + deadline.toSeconds() + " s (" + tokens
                    + " tokens made); ask for fewer tokens or try when the server is less busy.");
        }
    }

    /** Nothing the caller can do. */
    public static final class GenerationFailed extends ChatFailure {
        private static final long serialVersionUID = 1L;

        /** The engine stopped because of {@code cause}. */
        public GenerationFailed(Throwable cause) {
            super("The model failed while it answered: "
                    + Objects.requireNonNullElse(cause.getMessage(), "it did not say how; the server's log does."));
            initCause(cause);
        }
    }
}
