package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /** The account may not have more of it; a person has to ask for more. */
    public static final class QuotaExceeded extends NodeException {
        private static final long serialVersionUID = 1;

        public QuotaExceeded(String message) {
            super(FailureKind.QUOTA_EXCEEDED, message);
        }
    }

    /** Its namespace may not hold so much at once; a smaller kind may fit. */
    public static final class OverCap extends NodeException {
        private static final long serialVersionUID = 1;

        public OverCap(String message) {
            super(FailureKind.OVER_CAP, message);
        }
    }

    /** The provider does not lease such machines here; another kind may be had. */
    public static final class NotOffered extends NodeException {
        private static final long serialVersionUID = 1;

        public NotOffered(String message) {
            super(FailureKind.SKU_UNAVAILABLE, message);
        }
    }

    /** The provider knows us and does not let us. */
    public static final class Denied extends NodeException {
        private static final long serialVersionUID = 1;

        public Denied(String message) {
            super(FailureKind.PROVIDER_DENIED, message);
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

        private final @Nullable Duration pause;

        public Unanswered(String message) {
            super(FailureKind.INTERNAL, message);
            this.pause = null;
        }

        /** @param pause for which the provider wants not to be asked again */
        public Unanswered(String message, Duration pause) {
            super(FailureKind.INTERNAL, message);
            this.pause = pause;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(pause);
        }
    }
}
