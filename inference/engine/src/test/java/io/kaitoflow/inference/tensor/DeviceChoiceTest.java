package io.kaitoflow.inference.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceChoiceTest {

    @ParameterizedTest
    @CsvSource({"'', AUTO", "auto, AUTO", "cpu, CPU", "CUDA, CUDA"})
    void isReadFromTheEnvironment(String text, DeviceChoice choice) {
        assertThat(DeviceChoice.from(Map.of("KAITOFLOW_DEVICE", text))).isEqualTo(choice);
    }

    @Test
    void whatIsNoDeviceIsNamedWithWhatIs() {
        assertThatThrownBy(() -> DeviceChoice.from(Map.of("KAITOFLOW_DEVICE", "tpu")))
                .hasMessage("KAITOFLOW_DEVICE: \"tpu\" must be auto, cpu or cuda.");
    }

    @Test
    void withoutADriverAGpuIsRefusedAndNothingElse() {
        assumeThat(CudaDriver.isInstalled()).isFalse();

        assertThat(DeviceChoice.AUTO.device()).isEqualTo(ComputeDevice.CPU);
        assertThatThrownBy(DeviceChoice.CUDA::device)
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("libcuda.so.1")
                .hasMessageContaining("nvidia.com/gpu");
    }
}
