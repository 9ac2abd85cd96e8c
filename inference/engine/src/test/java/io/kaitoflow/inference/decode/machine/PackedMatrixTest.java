package io.kaitoflow.inference.decode.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.StoredMatrix;
import io.kaitoflow.inference.weights.Dequantiser;
import io.kaitoflow.inference.weights.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The machine code against plain loops that build the same sums in the same order. */
class PackedMatrixTest {
    private static final int ROWS = 48;
    private static final int COLUMNS = 96;
    private static final int INPUTS = 19;
    private static final int BLOCK = 32;
    private static final int MOST = 127 << 8;
    /** The rows' outputs come after others. */
    private static final int FIRST = 5;

    private final Random random = new Random(7);
    private final Activations x = Activations.of(INPUTS, COLUMNS);

    private static Stream<Arguments> quantised() {
        return with(ElementType.Q4_0, ElementType.Q4_1, ElementType.Q8_0);
    }

    private static Stream<Arguments> all() {
        return Stream.concat(quantised(), with(ElementType.BF16));
    }

    private static Stream<Arguments> with(ElementType... types) {
        return Arrays.stream(InstructionSet.values())
                .flatMap(instructions -> Arrays.stream(types).map(type -> Arguments.of(instructions, type)));
    }

    @ParameterizedTest
    @MethodSource("quantised")
    void quantisedRowsGiveTheSumsOfPlainLoopsBitForBit(InstructionSet instructions, ElementType type) {
        StoredMatrix stored = matrix(type);
        Activations y = product(instructions, stored, INPUTS);

        for (int input = 0; input < INPUTS; input++) {
            for (int row = 0; row < ROWS; row++) {
                assertThat(y.values()[y.at(input) + place(row)])
                        .as("row %s, input %s", row, input)
                        .isEqualTo(plainSum(stored, row, input));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bfloat16RowsGiveTheSumsOfRoundedInputs(InstructionSet instructions) {
        StoredMatrix stored = matrix(ElementType.BF16);
        Activations y = product(instructions, stored, INPUTS);

        var weights = new float[ROWS * COLUMNS];
        Dequantiser.read(stored.bytes(), stored.type(), 0, weights, weights.length);
        for (int input = 0; input < INPUTS; input++) {
            for (int row = 0; row < ROWS; row++) {
                double sum = 0;
                double size = 0;
                for (int i = 0; i < COLUMNS; i++) {
                    double term = (double) weights[row * COLUMNS + i] * rounded(x.values()[x.at(input) + i]);
                    sum += term;
                    size += Math.abs(term);
                }
                assertThat((double) y.values()[y.at(input) + place(row)]).isCloseTo(sum, within(1e-6 * size));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSumIsTheSameBitForBitInAnyCompany(InstructionSet instructions, ElementType type) {
        StoredMatrix stored = matrix(type);
        Activations together = product(instructions, stored, INPUTS);

        for (int count = 1; count < INPUTS; count++) {
            assertThat(product(instructions, stored, count).values())
                    .as("%s inputs", count)
                    .isEqualTo(Arrays.copyOf(together.values(), count * together.width()));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingIsWrittenBesideTheOutputs(InstructionSet instructions, ElementType type) {
        Activations y = product(instructions, matrix(type), 3);

        for (int input = 0; input < 3; input++) {
            assertThat(Arrays.copyOfRange(y.values(), y.at(input), y.at(input) + FIRST))
                    .containsOnly(0);
            assertThat(Arrays.copyOfRange(y.values(), y.at(input) + FIRST + ROWS, y.at(input + 1)))
                    .containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void moreInputsThanThereAreAreRefused(InstructionSet instructions) {
        needs(instructions);
        StoredMatrix stored = matrix(ElementType.Q8_0);

        assertThatThrownBy(() -> product(instructions, stored, INPUTS + 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void needs(InstructionSet instructions) {
        assumeTrue(instructions.isThere(), "this processor has no " + instructions);
    }

    private Activations product(InstructionSet instructions, StoredMatrix stored, int count) {
        needs(instructions);
        Activations y = Activations.of(count, FIRST + ROWS + 3);
        try (PackedMemory memory =
                        new PackedMemory(PackedMemory.roomFor(stored.bytes().byteSize()));
                RoundedInputs rounded = new RoundedInputs(INPUTS, COLUMNS)) {
            PackedMatrix packed = PackedMatrix.of(stored, memory, instructions);
            for (int input = 0; input < INPUTS; input++) {
                rounded.put(packed.inputs(), x, input);
            }
            packed.product(0, 1, rounded, 0, count, y);
            packed.product(1, packed.panels(), rounded, 0, count / 2, y);
            packed.product(1, packed.panels(), rounded, count / 2, count, y);
        }
        return y;
    }

    private float plainSum(StoredMatrix stored, int row, int input) {
        float sum = 0;
        for (int from = 0; from < COLUMNS; from += BLOCK) {
            long block = (long) (row * COLUMNS + from) / BLOCK * stored.type().blockBytes();
            float scale = half(stored, block);
            float greatest = 0;
            for (int i = 0; i < BLOCK; i++) {
                greatest = Math.max(greatest, Math.abs(x.values()[x.at(input) + from + i]));
            }
            float inputScale = greatest / MOST;
            int whole = 0;
            int inputs = 0;
            for (int i = 0; i < BLOCK; i++) {
                int code = (int) Math.rint(x.values()[x.at(input) + from + i] * (MOST / greatest));
                whole += code * code(stored, block, i);
                inputs += code;
            }
            sum = Math.fma((float) whole, scale * inputScale, sum);
            if (stored.type() == ElementType.Q4_1) {
                sum = Math.fma(half(stored, block + 2), inputScale * inputs, sum);
            }
        }
        return sum;
    }

    private static int code(StoredMatrix stored, long block, int i) {
        return switch (stored.type()) {
            case Q4_0 -> nibble(stored, block + 2, i) - 8;
            case Q4_1 -> nibble(stored, block + 4, i);
            case Q8_0 -> stored.bytes().get(ValueLayout.JAVA_BYTE, block + 2 + i);
            default -> throw new IllegalArgumentException(stored.type().name());
        };
    }

    private static int nibble(StoredMatrix stored, long at, int i) {
        return stored.bytes().get(ValueLayout.JAVA_BYTE, at + i % 16) >> i / 16 * 4 & 15;
    }

    private static float half(StoredMatrix stored, long at) {
        return Float.float16ToFloat(stored.bytes().get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
    }

    private static float rounded(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16 << 16);
    }

    /** Rows come out in reverse. */
    private static int place(int row) {
        return FIRST + ROWS - 1 - row;
    }

    private StoredMatrix matrix(ElementType type) {
        for (int i = 0; i < x.values().length; i++) {
            x.values()[i] = (float) random.nextGaussian();
        }
        MemorySegment bytes = Arena.ofAuto().allocate(type.bytesFor(ROWS * COLUMNS), 64);
        for (long i = 0; i < bytes.byteSize(); i++) {
            bytes.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        for (long at = 0; at < bytes.byteSize(); at += type.blockBytes()) {
            setScales(bytes, type, at);
        }
        return new StoredMatrix(bytes, type, ROWS, COLUMNS, PackedMatrixTest::place);
    }

    private void setScales(MemorySegment bytes, ElementType type, long at) {
        float value = (float) random.nextGaussian();
        if (type == ElementType.BF16) {
            bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (Float.floatToIntBits(value) >> 16));
            return;
        }
        bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
        if (type == ElementType.Q4_1) {
            bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2, Float.floatToFloat16(-7 * value));
        }
    }
}
