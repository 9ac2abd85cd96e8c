package io.kaitoflow.inference.sampling;

/** A request that was not taken or not finished; what the caller can do about it differs by kind. */
public abstract sealed class GenerationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private GenerationException(String message) {
        super(message);
    }

    /** All places are taken and so is the queue; the same request may be sent again later. */
    public static final class QueueFull extends GenerationException {
        private static final long serialVersionUID = 1L;

        QueueFull(int queued) {
            super("The generator is busy and " + queued + " requests wait already. Send the request again later.");
        }
    }

    /** The prompt leaves no room for a reply; only a shorter one will do. */
    public static final class PromptTooLong extends GenerationException {
        private static final long serialVersionUID = 1L;

        PromptTooLong(int tokens, int capacity) {
            super("The prompt has " + tokens + " tokens; prompt and reply together may have " + capacity
                    + ". Shorten the prompt.");
        }
    }

    /** Nothing is computed here any more; only another process can answer. */
    public static final class Closed extends GenerationException {
        private static final long serialVersionUID = 1L;

        Closed(Generation.Ending ending) {
            super(
                    switch (ending) {
                        case Generation.Ending.Finished _ -> "The generator is closed.";
                        case Generation.Ending.Failed failed ->
                            "The generator has ended by a fault (" + failed.cause() + "). Restart its process.";
                    });
        }
    }

    /** The engine failed while it computed the reply; the cause says how. */
    public static final class Failed extends GenerationException {
        private static final long serialVersionUID = 1L;

        Failed(Throwable cause) {
            super("The engine failed while it computed a reply: " + cause.getMessage());
            initCause(cause);
        }
    }
}
