package io.kaitoflow.inference.decode.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.kaitoflow.inference.tensor.CudaDevice;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CudaModelTest {
    @Test
    void whereKernelsCannotBeCompiledTheModelIsLeftToPyTorch() {
        assumeThat(CudaDevice.missing())
                .as("what of NVIDIA's libraries is missing")
                .isPresent();

        assertThat(CudaModel.open(Path.of("a model that nobody reads"))).isEmpty();
    }
}
