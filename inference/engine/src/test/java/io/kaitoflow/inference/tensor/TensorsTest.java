package io.kaitoflow.inference.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorsTest {
    @Test
    void roundsToBfloat16AndBack() {
        try (NDManager owner = TorchEngine.newOwner()) {
            NDArray x = Tensors.of(owner, new float[] {1.0f, 1.00390625f, 1.01171875f, -0.1f}, new Shape(4));

            NDArray rounded = Tensors.convert(owner, x, ComputeType.BFLOAT16);

            // 1 + 2^-8 and 1 + 3 * 2^-8 are ties: to even.
            assertThat(Tensors.floats(rounded)).containsExactly(1.0f, 1.0f, 1.015625f, -0.10009765625f);
        }
    }

    @Test
    void letsJavaWriteBfloat16Memory() {
        try (NDManager owner = TorchEngine.newOwner()) {
            NDArray x = Tensors.allocate(owner, ComputeType.BFLOAT16, new Shape(2, 3));

            MemorySegment memory = Tensors.memory(x);
            assertThat(memory.byteSize()).isEqualTo(12);
            for (int i = 0; i < 6; i++) {
                memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToIntBits(i) >>> 16));
            }

            assertThat(x.getShape()).isEqualTo(new Shape(2, 3));
            assertThat(Tensors.floats(x)).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void letsJavaWriteMoreThanABufferHolds() {
        try (NDManager owner = TorchEngine.newOwner()) {
            NDArray x = Tensors.allocate(owner, ComputeType.FLOAT32, new Shape(200_064, 3072));

            MemorySegment memory = Tensors.memory(x);
            assertThat(memory.byteSize()).isEqualTo(200_064L * 3072 * Float.BYTES);
            memory.set(ValueLayout.JAVA_FLOAT, memory.byteSize() - Float.BYTES, 7);
            memory.set(ValueLayout.JAVA_FLOAT, 0, 5);

            assertThat(Tensors.floats(Tensors.rows(owner, x, 200_063, 1))[3071]).isEqualTo(7);
            assertThat(Tensors.floats(Tensors.rows(owner, x, 0, 1))[0]).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ComputeType.class,
            names = {"BFLOAT16", "FLOAT16"})
    void javaRoundsAsPyTorchDoes(ComputeType type) {
        var values = new float[10_000];
        var random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            // Every fourth is a tie in bfloat16, and another in float16.
            int bits = random.nextInt();
            float value = switch (i % 4) {
                case 0 -> Float.intBitsToFloat((bits & 0xffff0000) | 0x8000);
                case 1 -> Float.float16ToFloat((short) bits) * (1 + 0x1p-11f);
                default -> Float.intBitsToFloat(bits);
            };
            values[i] = Float.isFinite(value) ? value : i;
        }
        try (NDManager owner = TorchEngine.newOwner()) {
            Shape shape = new Shape(values.length);
            NDArray written = Tensors.allocate(owner, type, shape);

            Tensors.write(Tensors.memory(written), type, 0, values, values.length);

            NDArray converted = Tensors.convert(owner, Tensors.of(owner, values, shape), type);
            assertThat(Tensors.floats(written)).isEqualTo(Tensors.floats(converted));
        }
    }

    @Test
    void zerosAreZeroInEveryType() {
        try (NDManager owner = TorchEngine.newOwner()) {
            for (ComputeType type : ComputeType.values()) {
                assertThat(Tensors.floats(Tensors.zeros(owner, type, new Shape(3))))
                        .containsOnly(0f);
            }
            assertThat(owner.getManagedArrays()).hasSize(ComputeType.values().length);
        }
    }
}
