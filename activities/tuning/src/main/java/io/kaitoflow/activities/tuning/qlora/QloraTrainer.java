package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.activities.checkpoint.Checkpoint;
import io.kaitoflow.activities.checkpoint.CheckpointStore;
import io.kaitoflow.activities.checkpoint.TrainingPosition;
import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.NativeHeap;
import io.kaitoflow.inference.tensor.TensorException;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains adapters over a frozen model and writes checkpoints. Goes on from the newest checkpoint of its store; the same
 * setup on the same machine and threads gives the same adapter to the bit, whether it was interrupted or not.
 *
 * <p>One thread trains; it knows nothing of who asked for the training.
 */
public final class QloraTrainer implements AutoCloseable {

    private final ComputeType type;
    private final TrainingSetup setup;
    private final CheckpointStore checkpoints;
    private final InstantSource clock;
    private final OptimiserStep step;
    private final BestAdapter best;
    private final Pace pace = new Pace();
    private final long totalTokens;
    private TrainingPosition position = TrainingPosition.start();
    private @Nullable Checkpoint newest;

    /**
     * @param model not owned; used by no one else meanwhile
     * @param checkpoints of exactly this run
     * @param clock for speed and time left, nothing else
     */
    public QloraTrainer(FrozenModel model, TrainingSetup setup, CheckpointStore checkpoints, InstantSource clock) {
        this.type = model.computeType();
        this.setup = setup;
        this.checkpoints = checkpoints;
        this.clock = clock;
        this.step = new OptimiserStep(model, setup);
        this.best = new BestAdapter(model, setup, step.adapter());
        this.totalTokens = step.tokens();
    }

    /**
     * The adapter as trained so far, or once training has finished the best one that was measured on held-out rows; it belongs
     * to this trainer.
     */
    public Adapter adapter() {
        return step.adapter();
    }

    /** Optimiser steps of the whole run. */
    public long totalSteps() {
        return step.length().steps();
    }

    /**
     * Trains until all steps are done or it is asked to stop; either way the last step is in a checkpoint.
     *
     * @param stopRequested asked before every step
     * @throws TrainingException.Diverged if the loss or a gradient is not finite; the last checkpoint is good
     * @throws TrainingException.OutOfMemory if a micro-batch does not fit; try again with a greater divisor
     * @throws io.kaitoflow.activities.checkpoint.CheckpointException if a checkpoint cannot be read or written
     */
    public TrainingOutcome train(StepListener listener, BooleanSupplier stopRequested) {
        checkpoints.newest().ifPresent(this::resume);
        while (position.step() < totalSteps()) {
            if (stopRequested.getAsBoolean()) {
                return new TrainingOutcome.Stopped(save());
            }
            advance(listener);
        }
        TrainingOutcome finished = new TrainingOutcome.Finished(save());
        best.settle();
        return finished;
    }

    private void advance(StepListener listener) {
        long started = clock.millis();
        OptimiserStep.Result result = inMemory(() -> step.run(position.step()));
        // Freed activations lie between what stays, so they would add to the next step's peak.
        NativeHeap.trim();
        if (!result.isFinite()) {
            throw diverged(result);
        }
        double seconds = (clock.millis() - started) / 1000.0;
        position = position.after(result.rows(), result.tokens(), seconds, result.loss());
        pace.add(seconds, result.tokens());
        OptionalDouble evaluated = inMemory(() -> best.judge(position.step(), totalSteps()));
        if (position.step() % Math.max(1, setup.recipe().cadence().saveSteps()) == 0) {
            save();
        }
        listener.finished(report(result, seconds, evaluated));
    }

    private StepReport report(OptimiserStep.Result result, double seconds, OptionalDouble evaluated) {
        return new StepReport(
                position.step(),
                totalSteps(),
                step.length().epochsAfter(position.step()),
                result.loss(),
                result.norm().value(),
                result.learningRate(),
                seconds > 0 ? result.tokens() / seconds : 0,
                pace.left(position.step() == totalSteps() ? 0 : totalTokens - position.tokens()),
                savedStep(),
                evaluated);
    }

    private void resume(Checkpoint checkpoint) {
        tensors().forEach(checkpoint::read);
        step.state().push();
        position = checkpoint.position().resumed();
        newest = checkpoint;
    }

    private Checkpoint save() {
        if (newest == null || newest.position().step() != position.step()) {
            step.state().pull();
            newest = checkpoints.save(position, tensors());
        }
        return newest;
    }

    /** Step of the newest checkpoint; 0 when there is none. */
    private long savedStep() {
        return newest == null ? 0 : newest.position().step();
    }

    private Map<String, MemorySegment> tensors() {
        Map<String, MemorySegment> tensors = new TreeMap<>(best.tensors());
        tensors.putAll(step.state().tensors());
        return tensors;
    }

    private TrainingException diverged(OptimiserStep.Result result) {
        return new TrainingException.Diverged(
                "Step %d gave loss %s with gradient norm %s at learning rate %s, and the adapter was not changed by it. %s%s"
                        .formatted(
                                position.step() + 1,
                                result.loss(),
                                result.norm().value(),
                                result.learningRate(),
                                savedStep() == 0
                                        ? "There is no checkpoint before it."
                                        : "The checkpoint of step " + savedStep() + " is good.",
                                type == ComputeType.FLOAT16
                                        ? " It was computed in float16, which ends at 65504: set"
                                                + " QuantizationConfig.bnb_4bit_compute_dtype to float32."
                                        : ""));
    }

    private <T> T inMemory(Supplier<T> work) {
        try {
            return work.get();
        } catch (OutOfMemoryError e) {
            throw outOfMemory(e);
        } catch (TensorException e) {
            // PyTorch's allocators have no type of error of their own.
            if (String.valueOf(e.getMessage()).contains("alloc")) {
                throw outOfMemory(e);
            }
            throw e;
        }
    }

    private TrainingException outOfMemory(Throwable cause) {
        return new TrainingException.OutOfMemory(
                "Step " + (position.step() + 1) + " with " + setup.microBatchRows()
                        + " rows at once did not fit the memory: " + cause.getMessage()
                        + ". Send fewer rows through the model at once, shorten max_length, or use a larger machine.",
                cause);
    }

    @Override
    public void close() {
        best.close();
        step.close();
    }
}
