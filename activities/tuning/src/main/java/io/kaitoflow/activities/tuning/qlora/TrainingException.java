package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;

/** Why training could not begin or go on; one child for each thing a caller can do about it. */
public abstract sealed class TrainingException extends RuntimeException implements Classified {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    private TrainingException(FailureKind kind, String message) {
        super(message);
        this.kind = kind;
    }

    private TrainingException(FailureKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    @Override
    public FailureKind kind() {
        return kind;
    }

    /** The loss or a gradient is no finite number any more. */
    public static final class Diverged extends TrainingException {
        private static final long serialVersionUID = 1L;

        Diverged(String message) {
            super(FailureKind.TRAINING_DIVERGED, message);
        }
    }

    /** The recipe asks for what this trainer does not do. */
    public static final class UnsupportedRecipe extends TrainingException {
        private static final long serialVersionUID = 1L;

        UnsupportedRecipe(String message) {
            super(FailureKind.INVALID_REQUEST, message);
        }
    }

    /** The base model's files are broken, or of a kind that is not trained here. */
    public static final class UnusableModel extends TrainingException {
        private static final long serialVersionUID = 1L;

        public UnusableModel(String message, Throwable cause) {
            super(FailureKind.INVALID_REQUEST, message, cause);
        }
    }

    /** There is nothing to learn from. */
    public static final class NothingToLearn extends TrainingException {
        private static final long serialVersionUID = 1L;

        NothingToLearn(String message) {
            super(FailureKind.DATASET_INVALID, message);
        }
    }

    /** A micro-batch did not fit the machine. */
    public static final class OutOfMemory extends TrainingException {
        private static final long serialVersionUID = 1L;

        OutOfMemory(String message, Throwable cause) {
            super(FailureKind.OUT_OF_MEMORY, message, cause);
        }
    }
}
