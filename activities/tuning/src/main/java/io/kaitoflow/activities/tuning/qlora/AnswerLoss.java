package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.batches.MicroBatch;
import io.kaitoflow.activities.tuning.batches.TrainingSequence;
import io.kaitoflow.inference.training.LoraLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The mean loss of rows under an adapter, without training. Used by one thread at a time. */
public final class AnswerLoss implements AutoCloseable {

    private final ForwardBackward computation;
    private final int batchRows;

    /**
     * @param model not owned
     * @param layout of the adapters that will be measured
     * @param batchRows rows that go through the model together
     */
    public AnswerLoss(FrozenModel model, LoraLayout layout, int batchRows) {
        this.computation = new ForwardBackward(model, layout, 0);
        this.batchRows = batchRows;
    }

    /** The mean of -ln p over all scored tokens of the rows; at least one must be scored. */
    public double mean(Adapter adapter, List<TokenisedRow> rows) {
        double sum = 0;
        long scored = 0;
        for (MicroBatch batch : batches(rows)) {
            if (batch.scoredTokens() > 0) {
                sum += computation.loss(adapter, batch) * batch.scoredTokens();
                scored += batch.scoredTokens();
            }
        }
        if (scored == 0) {
            throw new IllegalArgumentException("None of the " + rows.size() + " rows has a scored token");
        }
        return sum / scored;
    }

    /** Rows of like length together, so that little is padded. */
    private List<MicroBatch> batches(List<TokenisedRow> rows) {
        List<TokenisedRow> byLength = rows.stream()
                .sorted(Comparator.comparingInt(TokenisedRow::length))
                .toList();
        List<MicroBatch> batches = new ArrayList<>();
        for (int from = 0; from < byLength.size(); from += batchRows) {
            List<TokenisedRow> together = byLength.subList(from, Math.min(byLength.size(), from + batchRows));
            batches.add(
                    new MicroBatch(together.stream().map(TrainingSequence::of).toList()));
        }
        return batches;
    }

    @Override
    public void close() {
        computation.close();
    }
}
