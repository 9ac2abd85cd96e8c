package io.kaitoflow.temporal;

/** Temporal cannot be reached or started; the message says what was tried, what was answered, and what to do. */
public final class TemporalException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TemporalException(String message, Throwable cause) {
        super(message, cause);
    }

    public TemporalException(String message) {
        super(message);
    }
}
