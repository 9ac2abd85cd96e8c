package io.kaitoflow.workflows.workspace.course;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.tuning.Evaluation;
import java.util.OptionalDouble;

/** Base against tuned, before the user's tag is written: a model that improves too little never serves. */
public final class Gate {

    private Gate() {}

    /** Without a minimum, or without held-out rows to measure on, everything passes. */
    public static boolean accepts(Evaluation evaluation, Terms terms) {
        OptionalDouble improvement = evaluation.improvement();
        return terms.minimumImprovement().isEmpty()
                || improvement.isEmpty()
                || improvement.getAsDouble() >= terms.minimumImprovement().getAsDouble();
    }

    public static Failure refusal(Evaluation evaluation, Terms terms) {
        return new Failure(
                FailureKind.EVALUATION_WORSE,
                "The tuned model improved " + evaluation.metric() + " by "
                        + evaluation.improvement().orElse(0) + ", from "
                        + evaluation.base().orElse(0) + " to "
                        + evaluation.tuned().orElse(0) + "; at least "
                        + terms.minimumImprovement().orElse(0) + " was asked for.");
    }
}
