package io.kaitoflow.activities.dataset.tokens;

/** An encoder cannot write this row the way the model wants it; the message is one sentence. */
public final class RowRefusedException extends RuntimeException {
    public RowRefusedException(String problem) {
        super(problem);
    }

    public RowRefusedException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
