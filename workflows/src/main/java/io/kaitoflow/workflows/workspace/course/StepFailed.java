package io.kaitoflow.workflows.workspace.course;

import io.kaitoflow.workflows.failure.Failure;

/** Ends a pass: the step cannot be done and is not tried again without a person. */
public final class StepFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    public StepFailed(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
