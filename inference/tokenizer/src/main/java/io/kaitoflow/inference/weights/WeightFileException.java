package io.kaitoflow.inference.weights;

/** Why weights could not be read or written; one child for each thing a caller can do about it. */
public abstract sealed class WeightFileException extends RuntimeException {

    private WeightFileException(String message) {
        super(message);
    }

    private WeightFileException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The file is missing or the system refused to read it: check the path and the permissions. */
    public static final class Unreadable extends WeightFileException {
        Unreadable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The content breaks the format or ends early: fetch the file again. */
    public static final class Damaged extends WeightFileException {
        Damaged(String message) {
            super(message);
        }

        Damaged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A sound file in a form that is not read here: choose another form of the model. */
    public static final class Unsupported extends WeightFileException {
        Unsupported(String message) {
            super(message);
        }
    }

    /** The file has no tensor or metadata entry of that name: it holds another kind of model. */
    public static final class NotFound extends WeightFileException {
        NotFound(String message) {
            super(message);
        }
    }

    /** The system refused to write; the target is as it was before: make room or permit it, then write again. */
    public static final class Unwritable extends WeightFileException {
        Unwritable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
