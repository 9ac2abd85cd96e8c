package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.GpuSku;
import io.kaitoflow.presets.MemoryEstimate;
import io.kaitoflow.presets.Precision;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.ServingMemory;
import io.kaitoflow.presets.TuningMemory;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import java.time.LocalDate;
import java.util.function.Function;

/** Refuses machines that cannot hold a job, with the arithmetic; and says what is odd about those that can. */
record MemoryRule(GpuCatalogue catalogue, LocalDate today, Findings findings) {

    private static final String PATH = "resource.instanceType";

    void checkTuning(Preset preset, TuningJob job, MachineRequest machines) {
        QloraRecipe recipe = job.recipe().lora();
        int length =
                Math.min(preset.contextLength(), job.recipe().data().maxLength().orElse(TuningMemory.ASSUMED_LENGTH));
        Precision wanted = Precision.valueOf(recipe.computeType().name());
        checkEach(
                machines,
                wanted,
                sku -> sku.gpu().gpuMemory(),
                sku -> new TuningMemory(
                                preset,
                                job.method() == TuningMethod.QLORA,
                                recipe.rank(),
                                recipe.targetModules(),
                                job.recipe().optimiser().batchSize(),
                                length,
                                sku.precisionFor(wanted))
                        .estimate());
    }

    /** @param spreads whether the model is spread over a machine's devices */
    void checkServing(Preset preset, MachineRequest machines, boolean spreads) {
        int length = Math.min(preset.contextLength(), TuningMemory.ASSUMED_LENGTH);
        checkEach(
                machines,
                Precision.BF16,
                sku -> spreads ? sku.totalMemory() : sku.gpu().gpuMemory(),
                sku -> new ServingMemory(preset, sku.precisionFor(Precision.BF16), 1, length).estimate());
    }

    private void checkEach(
            MachineRequest machines,
            Precision wanted,
            Function<GpuSku, ByteSize> memory,
            Function<GpuSku, MemoryEstimate> estimate) {
        for (String type : machines.instanceTypes()) {
            catalogue.find(type).ifPresent(sku -> {
                sayWhatIsOdd(sku, wanted);
                check(sku, memory.apply(sku), estimate.apply(sku));
            });
        }
    }

    private void check(GpuSku sku, ByteSize memory, MemoryEstimate estimate) {
        if (!estimate.fits(memory)) {
            findings.refuse(
                    PATH,
                    sku.name(),
                    "has " + memory + (memory.equals(sku.gpu().gpuMemory()) ? " on a device, " : " on all devices, ")
                            + estimate.shortfall(memory) + " less than the job needs: "
                            + estimate.explanation().replace("\n", "; "),
                    "Choose a larger machine, a smaller batch or a shorter max_length; the annotation "
                            + AnnotationName.BYPASS_RESOURCE_CHECKS.key() + " goes on regardless.");
        }
    }

    private void sayWhatIsOdd(GpuSku sku, Precision wanted) {
        Precision possible = sku.precisionFor(wanted);
        if (possible != wanted) {
            findings.note(sku.name() + ": " + sku.gpu().model() + " (compute capability "
                    + sku.gpu().computeCapability() + ") has no native " + wanted + ", so " + possible + " is used.");
        }
        if (sku.retiredOn(today)) {
            findings.note(sku.name() + " was retired by its cloud on "
                    + sku.retirement().orElseThrow() + "; it may not be had any more.");
        }
    }
}
