package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;

/** A provider refused, or a machine is not what was asked for; one child per reaction. */
public abstract sealed class NodeException extends RuntimeException implements Classified {

    private static final long serialVersionUID = 1;

    private final FailureKind kind;

    private NodeException(FailureKind kind, String message) {
        super(message);
        this.kind = kind;
    }

    @Override
    public FailureKind kind() {
        return kind;
    }

    /** Nothing is free now; another kind of machine may be. */
    public static final class Occupied extends NodeException {
        private static final long serialVersionUID = 1;

        public Occupied(String message) {
            super(FailureKind.CAPACITY_MISSING, message);
        }
    }

    /** The claim is gone although nobody of ours released it. */
    public static final class Vanished extends NodeException {
        private static final long serialVersionUID = 1;

        public Vanished(String message) {
            super(FailureKind.NODE_NOT_READY, message);
        }
    }

    /** The lease's record cannot be kept. */
    public static final class Unwritable extends NodeException {
        private static final long serialVersionUID = 1;

        public Unwritable(String message) {
            super(FailureKind.DISK_FULL, message);
        }
    }

    /** The provider will not do it, however often it is asked. */
    public static final class Refused extends NodeException {
        private static final long serialVersionUID = 1;

        public Refused(String message) {
            super(FailureKind.INVALID_REQUEST, message);
        }
    }

    /** The provider did not answer, or not sensibly; it may the next time. */
    public static final class Unanswered extends NodeException {
        private static final long serialVersionUID = 1;

        public Unanswered(String message) {
            super(FailureKind.INTERNAL, message);
        }
    }
}
