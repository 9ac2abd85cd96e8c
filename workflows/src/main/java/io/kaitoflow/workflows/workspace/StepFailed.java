package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;

/** Ends a pass: the step cannot be done and is not tried again without a person. */
final class StepFailed extends RuntimeException {

    private final transient Failure failure;

    StepFailed(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
