package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.batches.EpochOrder;
import io.kaitoflow.activities.tuning.batches.MicroBatch;
import io.kaitoflow.activities.tuning.batches.RunLength;
import io.kaitoflow.activities.tuning.batches.TrainingSequence;
import io.kaitoflow.activities.tuning.batches.TrainingSequences;
import io.kaitoflow.activities.tuning.optimiser.GradientNorm;
import io.kaitoflow.activities.tuning.optimiser.LearningRateSchedule;
import io.kaitoflow.activities.tuning.optimiser.Optimiser;
import io.kaitoflow.activities.tuning.optimiser.TrainedState;
import io.kaitoflow.inference.tensor.DeviceVector;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import java.util.ArrayList;
import java.util.List;

/**
 * One optimiser step: rows of the epoch's order, gradients over micro-batches, clipping, update. What it does is decided by
 * the step's number, the setup, and the trained state alone.
 */
final class OptimiserStep implements AutoCloseable {

    private final TrainingSetup setup;
    private final TrainingSequences sequences;
    private final RunLength length;
    private final EpochOrder order;
    private final LearningRateSchedule schedule;
    private final Optimiser optimiser;
    private final ForwardBackward computation;
    private final Adapter adapter;
    private final Adapter gradients;
    private final TrainedState state;
    private int[] epochRows = {};
    private long epochOfRows = -1;

    /**
     * What a step did.
     *
     * @param loss mean over all its scored tokens
     * @param norm of the gradients before clipping
     * @param learningRate it used
     * @param rows it saw
     * @param tokens it saw, without padding
     */
    record Result(double loss, GradientNorm norm, double learningRate, int rows, int tokens) {

        boolean isFinite() {
            return Double.isFinite(loss) && Double.isFinite(norm.value());
        }
    }

    OptimiserStep(FrozenModel model, TrainingSetup setup) {
        OptimiserRecipe recipe = setup.recipe().optimiser();
        this.setup = setup;
        sequences = setup.sequences();
        length = RunLength.of(recipe, sequences.size());
        order = new EpochOrder(
                sequences.size(),
                setup.recipe().data().shuffle(),
                setup.recipe().data().shuffleSeed());
        schedule = LearningRateSchedule.of(recipe, length.steps());
        optimiser = Optimiser.of(recipe.adam(), model.device());
        LoraLayout layout = setup.layout(model.configuration());
        computation = new ForwardBackward(model, layout, setup.recipe().lora().dropout());
        adapter = new Adapter(layout, model.configuration().layers(), model.device());
        adapter.initialise(recipe.seed());
        gradients = new Adapter(layout, model.configuration().layers(), model.device());
        long length = adapter.values().length();
        state = new TrainedState(
                adapter.values(), new DeviceVector(model.device(), length), new DeviceVector(model.device(), length));
    }

    RunLength length() {
        return length;
    }

    /** Tokens of the whole run, without padding. */
    long tokens() {
        return Math.round((double) sequences.tokens() * length.steps() / length.stepsPerEpoch());
    }

    Adapter adapter() {
        return adapter;
    }

    TrainedState state() {
        return state;
    }

    /** Gradients of the newest step, before clipping. */
    Adapter gradients() {
        return gradients;
    }

    /**
     * Does step {@code step}, counted from 0; changes nothing if the result is not finite.
     */
    Result run(long step) {
        List<MicroBatch> batches = microBatches(step);
        int scored = batches.stream().mapToInt(MicroBatch::scoredTokens).sum();
        gradients.values().clear();
        double loss = 0;
        for (int i = 0; i < batches.size(); i++) {
            MicroBatch batch = batches.get(i);
            if (batch.scoredTokens() > 0) {
                double share = (double) batch.scoredTokens() / scored;
                loss += share * computation.lossAndGradients(adapter, batch, share, drops(step, i), gradients);
            }
        }
        GradientNorm norm = optimiser.norm(gradients.values());
        double rate = schedule.at(step);
        Result result = new Result(
                loss,
                norm,
                rate,
                batches.stream().mapToInt(MicroBatch::rows).sum(),
                batches.stream().mapToInt(MicroBatch::tokens).sum());
        if (result.isFinite()) {
            float clip = norm.clip(setup.recipe().optimiser().maxGradientNorm());
            optimiser.update(state, gradients.values(), clip, step + 1, rate);
        }
        return result;
    }

    private LoraDropout drops(long step, int microBatch) {
        return LoraDropout.of(
                setup.recipe().lora().dropout(), setup.recipe().optimiser().seed(), step, microBatch);
    }

    /** The same for all steps of an epoch, and too dear to be made for each. */
    private int[] rowsOf(long epoch) {
        if (epoch != epochOfRows) {
            epochRows = setup.recipe().data().groupByLength()
                    ? order.of(epoch, length.rowsPerStep(), sequences::length)
                    : order.of(epoch);
            epochOfRows = epoch;
        }
        return epochRows;
    }

    private List<MicroBatch> microBatches(long step) {
        int[] rows = rowsOf(length.epoch(step));
        int end = length.endRow(step);
        List<MicroBatch> batches = new ArrayList<>();
        for (int from = length.firstRow(step); from < end; from += setup.microBatchRows()) {
            List<TrainingSequence> together = new ArrayList<>();
            for (int i = from; i < Math.min(end, from + setup.microBatchRows()); i++) {
                together.add(sequences.get(rows[i]));
            }
            batches.add(new MicroBatch(together));
        }
        return batches;
    }

    @Override
    public void close() {
        computation.close();
        optimiser.close();
        adapter.close();
        gradients.close();
        state.firstMoments().close();
        state.secondMoments().close();
    }
}
