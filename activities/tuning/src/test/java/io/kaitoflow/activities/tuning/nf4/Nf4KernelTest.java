package io.kaitoflow.activities.tuning.nf4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TensorException;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where no GPU is at hand it says what is missing. */
class Nf4KernelTest {

    @BeforeAll
    static void needsAGpu() {
        try {
            TorchEngine.require(ComputeDevice.CUDA);
        } catch (TensorException e) {
            abort("The kernel was not tested. " + e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "64, 512, true, FLOAT32",
        "64, 512, false, FLOAT32",
        "640, 512, true, BFLOAT16",
        "64, 512, false, BFLOAT16",
        "640, 512, true, FLOAT16",
        "37, 91, true, FLOAT32",
        "37, 91, false, BFLOAT16",
        "37, 91, true, FLOAT16",
        "1, 2, true, FLOAT32"
    })
    void givesTheSameBitsAsTheScript(int rows, int columns, boolean doubled, ComputeType type) {
        float[] values = Nf4QuantiserTest.varied(rows * columns);
        Nf4Tensor tensor = doubled ? Quantised.doubled(values, rows, columns) : Quantised.plain(values, rows, columns);

        try (NDManager owner = TorchEngine.newOwner(ComputeDevice.CUDA);
                Nf4Script script = new Nf4Script(owner, doubled);
                Nf4Kernel kernel = new Nf4Kernel(owner, doubled, type)) {
            List<NDArray> stored = script.upload(tensor);
            NDArray expected = Tensors.allocate(owner, type, new Shape(rows, columns));
            script.dequantise(stored, expected);
            NDArray written = Tensors.zeros(owner, type, new Shape(rows, columns));

            kernel.dequantise(stored, written);

            assertThat(Tensors.floats(written)).isEqualTo(Tensors.floats(expected));
        }
    }

    /** A part of a fused matrix may begin anywhere. */
    @ParameterizedTest
    @CsvSource({"3, 91", "3, 96"})
    void writesRowsOfALargerMatrixAndNothingBeside(int firstRow, int columns) {
        int rows = 40;
        Nf4Tensor tensor = Quantised.plain(Nf4QuantiserTest.varied(rows * columns), rows, columns);

        try (NDManager owner = TorchEngine.newOwner(ComputeDevice.CUDA);
                Nf4Script script = new Nf4Script(owner, false);
                Nf4Kernel kernel = new Nf4Kernel(owner, false, ComputeType.BFLOAT16)) {
            List<NDArray> stored = script.upload(tensor);
            Shape shape = new Shape(rows + 5, columns);
            NDArray expected = Tensors.zeros(owner, ComputeType.BFLOAT16, shape);
            script.dequantise(stored, Tensors.rows(owner, expected, firstRow, rows));
            NDArray written = Tensors.zeros(owner, ComputeType.BFLOAT16, shape);

            kernel.dequantise(stored, Tensors.rows(owner, written, firstRow, rows));

            assertThat(Tensors.floats(written)).isEqualTo(Tensors.floats(expected));
        }
    }
}
