package io.kaitoflow.activities.evaluation;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.qlora.AnswerLoss;
import io.kaitoflow.workflows.tuning.Evaluation;
import java.util.List;
import java.util.OptionalDouble;

/** Compares a model without and with an adapter on rows that were not trained on. */
public final class HeldOutLoss {

    /** What the values are. */
    public static final String METRIC = "mean answer loss per token on held-out rows (lower is better)";

    private final AnswerLoss loss;

    /** @param loss not owned */
    public HeldOutLoss(AnswerLoss loss) {
        this.loss = loss;
    }

    /** Both means over all scored tokens; skipped when no row has one. */
    public Evaluation compare(Adapter adapter, List<TokenisedRow> heldOut) {
        if (heldOut.stream().noneMatch(row -> row.scoredTokens() > 0)) {
            return Evaluation.skipped();
        }
        try (Adapter off = new Adapter(adapter.layout(), adapter.blocks(), adapter.device())) {
            return new Evaluation(
                    OptionalDouble.of(loss.mean(off, heldOut)), OptionalDouble.of(loss.mean(adapter, heldOut)), METRIC);
        }
    }
}
