package io.kaitoflow.inference.model;

/** A model or an adapter that this engine can not run; the message says which part of it, and what would work. */
public class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
