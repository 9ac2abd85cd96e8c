package io.kaitoflow.inference.tensor;

/** PyTorch did not start, or refused a program or a call; the message says which and what it answered. */
public final class TensorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TensorException(String message) {
        super(message);
    }

    TensorException(String message, Throwable cause) {
        super(message, cause);
    }
}
