package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrainingTimeTest {

    private static final ModelShape SMOLLM =
            PresetCatalogue.load().find("smollm2-135m-instruct").orElseThrow().shape();

    /** The example of this release trained 15,924 tokens in 60 s on two such cores. */
    @Test
    void twoCoresTakeAboutAsLongAsTheyWereSeenToTake() {
        TrainingTime time = new TrainingTime(SMOLLM, 15_924, Throughput.ofCores(2, Precision.BF16));

        assertThat(time.estimate()).isBetween(Duration.ofSeconds(45), Duration.ofSeconds(75));
    }

    @Test
    void theArithmeticIsSaid() {
        TrainingTime time = new TrainingTime(SMOLLM, 15_924, Throughput.ofCores(2, Precision.BF16));

        assertThat(time.explanation()).isEqualTo("15,924 tokens × 0.81 billion operations at 0.24 TFLOP/s");
    }

    @Test
    void everyGpuOfTheCatalogueHasASpeed() {
        GpuSku sku = GpuCatalogue.load().find("Standard_NC24ads_A100_v4").orElseThrow();

        assertThat(sku.gpu().peak().inTraining().teraflops()).isBetween(50.0, 200.0);
    }
}
