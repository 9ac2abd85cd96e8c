package io.kaitoflow.activities.checkpoint;

import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;

/** Why a checkpoint could not be written or used; one child for each thing a caller can do about it. */
public abstract sealed class CheckpointException extends RuntimeException implements Classified {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    private CheckpointException(FailureKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    private CheckpointException(FailureKind kind, String message) {
        super(message);
        this.kind = kind;
    }

    @Override
    public FailureKind kind() {
        return kind;
    }

    /** The system refused to write; what was there before is untouched: make room, then go on. */
    public static final class Unwritable extends CheckpointException {
        private static final long serialVersionUID = 1L;

        Unwritable(String message, Throwable cause) {
            super(FailureKind.DISK_FULL, message, cause);
        }
    }

    /** The folder cannot be read. */
    public static final class Unreadable extends CheckpointException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message, Throwable cause) {
            super(FailureKind.INTERNAL, message, cause);
        }
    }

    /** The place that outlives this machine does not take or give one: training goes on without, or waits for it. */
    public static final class Unreachable extends CheckpointException {
        private static final long serialVersionUID = 1L;

        /** @param kind what the place answered */
        public Unreachable(FailureKind kind, String message, Throwable cause) {
            super(kind, message, cause);
        }
    }

    /** A sound checkpoint of another recipe, data set or base model, where this run's own was expected. */
    public static final class Foreign extends CheckpointException {
        private static final long serialVersionUID = 1L;

        Foreign(String message) {
            super(FailureKind.INVALID_REQUEST, message);
        }
    }
}
