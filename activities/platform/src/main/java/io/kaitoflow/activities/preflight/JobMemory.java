package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.MemoryEstimate;
import io.kaitoflow.presets.Precision;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.ServingMemory;
import io.kaitoflow.presets.TuningMemory;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import java.util.Optional;

/**
 * How much memory a goal needs on one device.
 *
 * @param tuning peak of the tuner; absent when nothing is tuned
 * @param serving peak of the server; absent when nothing is served
 */
record JobMemory(Optional<MemoryEstimate> tuning, Optional<MemoryEstimate> serving) {

    /** Nothing is bought here, and before anything begins the rows are looked at; what they need is refused then. */
    private static final int ASSUMED_HERE = 256;

    /** @param processors whether nothing but processors works, in a process of the machine */
    static JobMemory of(WorkspaceGoal goal, Preset preset, Precision precision, boolean processors) {
        return switch (goal) {
            case WorkspaceGoal.Serve _ -> new JobMemory(Optional.empty(), serving(preset, precision, processors));
            // Its owner knows.
            case WorkspaceGoal.ServeTemplate _ -> new JobMemory(Optional.empty(), Optional.empty());
            case WorkspaceGoal.Tune tune ->
                new JobMemory(tuning(tune.job(), preset, precision, processors), Optional.empty());
            case WorkspaceGoal.TuneThenServe both ->
                new JobMemory(
                        tuning(both.job(), preset, precision, processors), serving(preset, precision, processors));
        };
    }

    /** What training takes when no row is longer than {@code longest} tokens. */
    static MemoryEstimate tuning(TuningJob job, Preset preset, Precision precision, int longest, boolean processors) {
        TuningMemory memory = new TuningMemory(
                preset,
                job.method() == TuningMethod.QLORA,
                job.recipe().lora().rank(),
                job.recipe().lora().targetModules(),
                job.recipe().optimiser().batchSize(),
                Math.min(longest, limit(job, preset)),
                precision);
        return processors ? memory.onProcessors() : memory.estimate();
    }

    static Precision precision(ComputeType type) {
        return switch (type) {
            case BF16 -> Precision.BF16;
            case FP16 -> Precision.FP16;
            case FP32 -> Precision.FP32;
        };
    }

    static ComputeType computeType(Precision precision) {
        return switch (precision) {
            case BF16 -> ComputeType.BF16;
            case FP16 -> ComputeType.FP16;
            case FP32 -> ComputeType.FP32;
        };
    }

    /** The larger of the two: tuner and server are never on the device at the same time. */
    ByteSize needed() {
        return tuningPeak().compareTo(servingPeak()) >= 0 ? tuningPeak() : servingPeak();
    }

    ByteSize tuningPeak() {
        return tuning.map(MemoryEstimate::total).orElse(ByteSize.ofBytes(0));
    }

    ByteSize servingPeak() {
        return serving.map(MemoryEstimate::total).orElse(ByteSize.ofBytes(0));
    }

    /** The arithmetic of the larger of the two. */
    String explanation() {
        Optional<MemoryEstimate> larger = tuningPeak().compareTo(servingPeak()) >= 0 ? tuning : serving;
        return larger.map(MemoryEstimate::explanation).orElse("").replace("\n", "; ");
    }

    private static Optional<MemoryEstimate> tuning(
            TuningJob job, Preset preset, Precision precision, boolean processors) {
        int length = processors ? ASSUMED_HERE : TuningMemory.ASSUMED_LENGTH;
        return Optional.of(tuning(job, preset, precision, length, processors));
    }

    private static Optional<MemoryEstimate> serving(Preset preset, Precision precision, boolean processors) {
        int length = Math.min(preset.contextLength(), TuningMemory.ASSUMED_LENGTH);
        // Whatever they train in, processors serve what is stored, at most bfloat16.
        Precision served = processors ? Precision.BF16 : precision;
        return Optional.of(new ServingMemory(preset, served, 1, length).estimate());
    }

    private static int limit(TuningJob job, Preset preset) {
        return Math.min(preset.contextLength(), job.recipe().data().maxLength().orElse(preset.contextLength()));
    }
}
