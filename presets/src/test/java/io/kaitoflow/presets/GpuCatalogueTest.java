package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class GpuCatalogueTest {

    private final GpuCatalogue catalogue = GpuCatalogue.load();

    @Test
    void aV100HasNoNativeBf16AndIsNoLongerLeased() {
        GpuSku sku = catalogue.find("Standard_NC6s_v3").orElseThrow();

        assertThat(sku.totalMemory()).isEqualTo(ByteSize.ofGibibytes(16));
        assertThat(sku.precisionFor(Precision.BF16)).isEqualTo(Precision.FP16);
        assertThat(sku.precisionFor(Precision.FP32)).isEqualTo(Precision.FP32);
        assertThat(sku.retiredOn(LocalDate.of(2025, 9, 29))).isFalse();
        assertThat(sku.retiredOn(LocalDate.of(2025, 9, 30))).isTrue();
    }

    @Test
    void anA100KeepsBf16() {
        GpuSku sku = catalogue.find("Standard_NC48ads_A100_v4").orElseThrow();

        assertThat(sku.precisionFor(Precision.BF16)).isEqualTo(Precision.BF16);
        assertThat(sku.totalMemory()).isEqualTo(ByteSize.ofGibibytes(160));
    }

    @Test
    void fittingMachinesComeCheapestFirstAndWithoutRetiredOnes() {
        var fitting = catalogue.fitting(ByteSize.ofGibibytes(20), "azure", LocalDate.of(2026, 1, 1));

        assertThat(fitting).extracting(GpuSku::name).startsWith("Standard_NV36ads_A10_v5", "Standard_NC24ads_A100_v4");
        assertThat(fitting).extracting(GpuSku::name).doesNotContain("Standard_NC24s_v3", "Standard_NC4as_T4_v3");
        assertThat(fitting.getLast().price()).isEmpty();
    }

    @Test
    void offersTheNearestNames() {
        assertThat(catalogue.names().suggestion("Standard_NC6_v3")).startsWith("; did you mean Standard_NC6s_v3");
    }

    @Test
    void aDeviceIsKnownByTheNameThatNvidiasToolsGiveIt() {
        assertThat(gibibytes("NVIDIA-A100-SXM4-80GB")).isEqualTo(80);
        assertThat(gibibytes("NVIDIA-A100-PCIE-40GB")).isEqualTo(40);
        assertThat(gibibytes("NVIDIA-H100-80GB-HBM3")).isEqualTo(80);
        assertThat(gibibytes("NVIDIA-H100-NVL")).isEqualTo(94);
        assertThat(gibibytes("Tesla-V100-SXM2-16GB")).isEqualTo(16);
        assertThat(gibibytes("Tesla-T4")).isEqualTo(16);
        assertThat(gibibytes("NVIDIA-A10G")).isEqualTo(24);
    }

    @Test
    void aNameThatLeavesOpenWhichDeviceItIsNamesNone() {
        assertThat(catalogue.device("Tesla-V100")).isEmpty();
        assertThat(catalogue.device("NVIDIA-A100-SXM4-80GB-MIG-1g.10gb")).isEmpty();
        assertThat(catalogue.device("NVIDIA-B200")).isEmpty();
        assertThat(catalogue.device("")).isEmpty();
    }

    private long gibibytes(String product) {
        return catalogue.device(product).orElseThrow().gpuMemory().bytes() >> 30;
    }
}
