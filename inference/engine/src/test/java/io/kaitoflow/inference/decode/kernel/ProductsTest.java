package io.kaitoflow.inference.decode.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaitoflow.inference.weights.Dequantiser;
import io.kaitoflow.inference.weights.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class ProductsTest {
    private static final int ROWS = 22;
    private static final int COLUMNS = 96;
    private static final int INPUTS = 5;

    private final Random random = new Random(5);
    private final Activations x = Activations.of(INPUTS, COLUMNS);

    @ParameterizedTest
    @EnumSource(
            names = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q8_0"},
            mode = Mode.INCLUDE)
    void everyTypeGivesTheSumsOfItsExactValues(ElementType type) {
        StoredMatrix matrix = matrix(type);
        var values = new float[ROWS * COLUMNS];
        Dequantiser.read(matrix.bytes(), type, 0, values, values.length);

        Activations y = product(matrix, new Products.Range(0, ROWS), INPUTS);

        for (int input = 0; input < INPUTS; input++) {
            for (int row = 0; row < ROWS; row++) {
                double sum = 0;
                double size = 0;
                for (int i = 0; i < COLUMNS; i++) {
                    double term = (double) values[row * COLUMNS + i] * x.values()[x.at(input) + i];
                    sum += term;
                    size += Math.abs(term);
                }
                assertThat((double) y.values()[y.at(input) + ROWS - 1 - row]).isCloseTo(sum, within(1e-6 * size));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q8_0"},
            mode = Mode.INCLUDE)
    void aSumIsTheSameBitForBitAloneAndWithOthers(ElementType type) {
        StoredMatrix matrix = matrix(type);
        float[] together = product(matrix, new Products.Range(0, ROWS), INPUTS).values();
        float[] alone = product(matrix, new Products.Range(0, ROWS), 1).values();
        Activations halves = Activations.of(INPUTS, ROWS);
        Products.product(matrix, new Products.Range(12, ROWS), x, 3, halves, new Products.Scratch());
        Products.product(matrix, new Products.Range(0, 12), x, 3, halves, new Products.Scratch());

        assertThat(alone).startsWith(Arrays.copyOf(together, ROWS));
        assertThat(halves.values()).startsWith(Arrays.copyOf(together, 3 * ROWS));
    }

    private Activations product(StoredMatrix matrix, Products.Range range, int count) {
        Activations y = Activations.of(count, ROWS);
        Products.product(matrix, range, x, count, y, new Products.Scratch());
        return y;
    }

    /** Random codes and scales; the rows' places are reversed. */
    private StoredMatrix matrix(ElementType type) {
        for (int i = 0; i < x.values().length; i++) {
            x.values()[i] = (float) random.nextGaussian();
        }
        MemorySegment bytes = Arena.ofAuto().allocate(type.bytesFor(ROWS * COLUMNS), 64);
        for (long i = 0; i < bytes.byteSize(); i++) {
            bytes.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        for (int block = 0; block < ROWS * COLUMNS / type.blockElements(); block++) {
            setScales(bytes, type, (long) block * type.blockBytes());
        }
        return new StoredMatrix(bytes, type, ROWS, COLUMNS, row -> ROWS - 1 - row);
    }

    private void setScales(MemorySegment bytes, ElementType type, long at) {
        float value = (float) random.nextGaussian();
        switch (type) {
            case F32 -> bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, value);
            case BF16 -> bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (Float.floatToIntBits(value) >> 16));
            case F16, Q4_0, Q8_0 -> bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
            case Q4_1 -> {
                bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
                bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2, Float.floatToFloat16(-7 * value));
            }
            default -> throw new IllegalArgumentException(type.name());
        }
    }
}
