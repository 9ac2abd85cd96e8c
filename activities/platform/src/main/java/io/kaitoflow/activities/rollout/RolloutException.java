package io.kaitoflow.activities.rollout;

import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;

/** A tuner or server does not run; one child per reaction. */
public abstract sealed class RolloutException extends RuntimeException implements Classified {

    private static final long serialVersionUID = 1;

    private final FailureKind kind;

    private RolloutException(FailureKind kind, String message) {
        super(message);
        this.kind = kind;
    }

    @Override
    public FailureKind kind() {
        return kind;
    }

    /** The process could not even be started. */
    public static final class NotStarted extends RolloutException {
        private static final long serialVersionUID = 1;

        public NotStarted(String message) {
            super(FailureKind.INTERNAL, message);
        }
    }

    /** A process that was killed did not go. */
    public static final class NotStopped extends RolloutException {
        private static final long serialVersionUID = 1;

        public NotStopped(String message) {
            super(FailureKind.INTERNAL, message);
        }
    }

    /** The server ended, or did not become ready in time. */
    public static final class NotReady extends RolloutException {
        private static final long serialVersionUID = 1;

        public NotReady(String message) {
            super(FailureKind.SERVER_NOT_READY, message);
        }
    }

    /** Something else listens on the server's port. */
    public static final class PortInUse extends RolloutException {
        private static final long serialVersionUID = 1;

        public PortInUse(String message) {
            super(FailureKind.PORT_IN_USE, message);
        }
    }

    /** This release cannot do it; trying again would not help. */
    public static final class Unsupported extends RolloutException {
        private static final long serialVersionUID = 1;

        public Unsupported(String message) {
            super(FailureKind.UNSUPPORTED, message);
        }
    }

    /** The machine does not get the image of a pod. */
    public static final class ImageUnavailable extends RolloutException {
        private static final long serialVersionUID = 1;

        public ImageUnavailable(String message) {
            super(FailureKind.IMAGE_UNAVAILABLE, message);
        }
    }

    /** A pod finds no room where it has to run. */
    public static final class NotPlaced extends RolloutException {
        private static final long serialVersionUID = 1;

        public NotPlaced(String message) {
            super(FailureKind.POD_NOT_PLACED, message);
        }
    }

    /** The kernel ended it for its memory, more than once. */
    public static final class OutOfMemory extends RolloutException {
        private static final long serialVersionUID = 1;

        public OutOfMemory(String message) {
            super(FailureKind.MEMORY_TOO_SMALL, message);
        }
    }

    /** The API server refuses what was applied; it would refuse it again. */
    public static final class Refused extends RolloutException {
        private static final long serialVersionUID = 1;

        public Refused(String message) {
            super(FailureKind.CLUSTER_REFUSED, message);
        }
    }

    /** The pod that looks at data did not come to an end; the message has the evidence. */
    public static final class NotInspected extends RolloutException {
        private static final long serialVersionUID = 1;

        public NotInspected(String message) {
            super(FailureKind.DATASET_UNINSPECTED, message);
        }
    }

    /** The API server does not answer. */
    public static final class Unanswered extends RolloutException {
        private static final long serialVersionUID = 1;

        public Unanswered(String message) {
            super(FailureKind.INTERNAL, message);
        }
    }
}
