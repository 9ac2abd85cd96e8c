package io.kaitoflow.worker.control;

import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;

/** An order that a run does not take; the message says why. */
public final class OrderRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    OrderRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    static OrderRefusedException byRun(WorkflowUpdateException refused) {
        String why = refused.getCause() instanceof ApplicationFailure failure
                ? failure.getOriginalMessage()
                : String.valueOf(refused.getMessage());
        return new OrderRefusedException(why, refused);
    }
}
