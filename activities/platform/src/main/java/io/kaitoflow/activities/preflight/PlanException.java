package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;

/** Why there can be no plan for a request. */
public abstract sealed class PlanException extends RuntimeException implements Classified {

    private static final long serialVersionUID = 1;

    private PlanException(String message) {
        super(message);
    }

    /** A name that the catalogue does not know, or a model that cannot do what is asked. */
    public static final class Unknown extends PlanException {
        private static final long serialVersionUID = 1;

        public Unknown(String message) {
            super(message);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.INVALID_REQUEST;
        }
    }

    /** No machine that may be used holds the job; the message has the arithmetic. */
    public static final class TooSmall extends PlanException {
        private static final long serialVersionUID = 1;

        public TooSmall(String message) {
            super(message);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.MEMORY_TOO_SMALL;
        }
    }
}
