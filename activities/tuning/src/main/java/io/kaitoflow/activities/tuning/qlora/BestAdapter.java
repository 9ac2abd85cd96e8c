package io.kaitoflow.activities.tuning.qlora;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Measures the adapter on held-out rows while it is trained and keeps the best one seen. Does nothing where the recipe names
 * no evaluation steps or no row is held out.
 */
final class BestAdapter implements AutoCloseable {

    private final TrainingSetup setup;
    private final Adapter adapter;
    private final AnswerLoss loss;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment best;
    private final MemorySegment bestLoss = arena.allocate(JAVA_FLOAT);

    /** @param adapter that is trained; not owned */
    BestAdapter(FrozenModel model, TrainingSetup setup, Adapter adapter) {
        this.setup = setup;
        this.adapter = adapter;
        this.loss = new AnswerLoss(model, adapter.layout(), setup.microBatchRows());
        this.best = watches() ? arena.allocate(adapter.memory().byteSize(), Float.BYTES) : MemorySegment.NULL;
        bestLoss.set(JAVA_FLOAT, 0, Float.POSITIVE_INFINITY);
    }

    private boolean watches() {
        return setup.recipe().cadence().evaluationSteps() > 0
                && setup.heldOut().stream().anyMatch(row -> row.scoredTokens() > 0);
    }

    /** Measures if it is time to, after {@code step} finished steps of {@code total}. */
    OptionalDouble judge(long step, long total) {
        boolean due = watches() && (step % setup.recipe().cadence().evaluationSteps() == 0 || step == total);
        if (!due) {
            return OptionalDouble.empty();
        }
        double found = loss.mean(adapter, setup.heldOut());
        if (found < bestLoss.get(JAVA_FLOAT, 0)) {
            bestLoss.set(JAVA_FLOAT, 0, (float) found);
            adapter.values().pull();
            best.copyFrom(adapter.memory());
        }
        return OptionalDouble.of(found);
    }

    /** What a checkpoint must hold of it. */
    Map<String, MemorySegment> tensors() {
        return watches() ? Map.of("best-adapter", best, "best-loss", bestLoss) : Map.of();
    }

    /** Puts the best adapter in the place of the last one. */
    void settle() {
        if (Float.isFinite(bestLoss.get(JAVA_FLOAT, 0))) {
            adapter.memory().copyFrom(best);
            adapter.values().push();
        }
    }

    @Override
    public void close() {
        loss.close();
        arena.close();
    }
}
