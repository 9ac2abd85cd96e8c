package io.kaitoflow.activities.tuning.nf4;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.activities.tuning.nf4.Nf4Dequantiser.Target;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Nf4ScriptTest {

    @ParameterizedTest
    @CsvSource({
        "64, 512, true, FLOAT32, F32",
        "64, 512, false, FLOAT32, F32",
        "64, 512, true, BFLOAT16, BF16",
        "64, 512, false, BFLOAT16, BF16",
        "37, 91, true, FLOAT32, F32",
        "37, 91, false, BFLOAT16, BF16",
        "1, 2, true, FLOAT32, F32"
    })
    void givesTheSameBitsAsJava(int rows, int columns, boolean doubled, ComputeType type, Target target) {
        float[] values = Nf4QuantiserTest.varied(rows * columns);
        Nf4Tensor tensor = doubled ? Quantised.doubled(values, rows, columns) : Quantised.plain(values, rows, columns);

        try (NDManager owner = TorchEngine.newOwner();
                Nf4Script script = new Nf4Script(owner, doubled);
                Arena arena = Arena.ofConfined()) {
            NDArray written = Tensors.allocate(owner, type, new Shape(rows, columns));
            script.dequantise(script.upload(tensor), written);

            MemorySegment expected = arena.allocate(tensor.elements() * target.bytes());
            new ScalarNf4Dequantiser().dequantise(tensor, target, expected);
            assertThat(Tensors.memory(written).mismatch(expected)).isEqualTo(-1);
        }
    }
}
