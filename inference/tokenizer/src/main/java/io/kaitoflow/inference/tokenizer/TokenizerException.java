package io.kaitoflow.inference.tokenizer;

/** Why a tokenizer could not be had or used; one child for each thing a caller can do about it. */
public abstract sealed class TokenizerException extends RuntimeException {

    private TokenizerException(String message) {
        super(message);
    }

    private TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The model's files lack a part, or it cannot be read: complete them. */
    public static final class Missing extends TokenizerException {
        Missing(String message) {
            super(message);
        }

        Missing(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The definition is broken: fetch it again. */
    public static final class Damaged extends TokenizerException {
        Damaged(String message) {
            super(message);
        }

        Damaged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The definition is sound but of a kind that cannot be rebuilt here: bring a tokenizer.json. */
    public static final class Unsupported extends TokenizerException {
        Unsupported(String message) {
            super(message);
        }
    }

    /** An id is outside the vocabulary: it belongs to another model. */
    public static final class UnknownToken extends TokenizerException {
        UnknownToken(String message) {
            super(message);
        }
    }
}
