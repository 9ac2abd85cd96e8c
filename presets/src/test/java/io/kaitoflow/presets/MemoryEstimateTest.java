package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {

    private static final ByteSize V100 = ByteSize.ofGibibytes(16);

    private final PresetCatalogue catalogue = PresetCatalogue.load();

    @Test
    void theQuickstartFitsItsV100() {
        assertThat(tuning("phi-3-mini-128k-instruct", true, 2048).fits(V100)).isTrue();
    }

    @Test
    void thirtyTwoBillionWeightsDoNotFitAV100AndTheShortfallIsSaid() {
        MemoryEstimate estimate = tuning("qwen2.5-coder-32b-instruct", true, 2048);

        assertThat(estimate.fits(V100)).isFalse();
        assertThat(estimate.shortfall(V100).plus(V100)).isEqualTo(estimate.total());
    }

    @Test
    void fourBitsTakeAQuarterOfSixteenAndALittle() {
        MemoryEstimate.Line line = tuning("mistral-7b", true, 512).lines().getFirst();

        assertThat(line.what()).isEqualTo("linear weights in NF4");
        assertThat(line.size()).isEqualTo(ByteSize.ofBytes(Math.round(6_979_321_856L * 4.126953125 / 8)));
        assertThat(line.how()).isEqualTo("6,979,321,856 weights × 4.127 bits");
    }

    @Test
    void explainsItselfLineByLineUpToTheTotal() {
        MemoryEstimate estimate = tuning("smollm2-135m-instruct", true, 128);

        String explanation = estimate.explanation();

        assertThat(explanation.lines()).hasSize(estimate.lines().size() + 1);
        assertThat(explanation).endsWith("total " + estimate.total());
    }

    /** Peaks of anonymous memory in MiB on two virtual cores of an AMD EPYC, as inference/benchmarks/side-by-side/run memory takes them. */
    @ParameterizedTest
    @CsvSource({
        "1, 64, BF16, true, 8, 399",
        "1, 512, BF16, true, 8, 709",
        "1, 1024, BF16, true, 8, 1031",
        "4, 256, BF16, true, 8, 954",
        "8, 128, BF16, true, 8, 904",
        "1, 512, FP32, true, 8, 954",
        "1, 512, BF16, false, 8, 836",
        "1, 512, BF16, true, 64, 970"
    })
    void whatWasMeasuredOnProcessorsIsForeseen(
            int batch, int length, Precision precision, boolean fourBit, int rank, double measured) {
        Preset preset = catalogue.find("smollm2-135m-instruct").orElseThrow();

        MemoryEstimate estimate =
                new TuningMemory(preset, fourBit, rank, List.of(), batch, length, precision).onProcessors();

        double ratio = estimate.total().bytes() / (measured * (1 << 20));
        assertThat(ratio).isBetween(0.95, 1.15);
    }

    /** The whole GPU's memory in MiB as nvidia-smi told it, on an H200. */
    @ParameterizedTest
    @CsvSource({
        "smollm2-135m-instruct, 1, 512, 1471",
        "llama-3.1-8b-instruct, 1, 512, 9371",
        "llama-3.1-8b-instruct, 4, 512, 14675",
        "llama-3.1-8b-instruct, 2, 1024, 14679"
    })
    void whatWasMeasuredOnAGpuIsForeseen(String model, int batch, int length, double measured) {
        Preset preset = catalogue.find(model).orElseThrow();

        MemoryEstimate estimate =
                new TuningMemory(preset, true, 8, List.of(), batch, length, Precision.BF16).estimate();

        assertThat(estimate.total().bytes() / (measured * (1 << 20))).isBetween(0.95, 1.15);
        assertThat(estimate.explanation()).contains("as an H200 took in four runs");
    }

    @Test
    void longerRowsNeedMore() {
        assertThat(tuning("phi-4", true, 4096).total())
                .isGreaterThan(tuning("phi-4", true, 2048).total());
    }

    @Test
    void theCacheGrowsWithSequences() {
        Preset preset = catalogue.find("llama-3.1-8b-instruct").orElseThrow();

        ByteSize one = cache(new ServingMemory(preset, Precision.BF16, 1, 8192));
        ByteSize four = cache(new ServingMemory(preset, Precision.BF16, 4, 8192));

        assertThat(one).isEqualTo(ByteSize.ofGibibytes(1));
        assertThat(four).isEqualTo(one.times(4));
    }

    private static ByteSize cache(ServingMemory memory) {
        return memory.estimate().lines().get(1).size();
    }

    private MemoryEstimate tuning(String preset, boolean fourBit, int length) {
        return new TuningMemory(catalogue.find(preset).orElseThrow(), fourBit, 8, List.of(), 1, length, Precision.FP16)
                .estimate();
    }
}
