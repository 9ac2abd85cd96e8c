package io.kaitoflow.inference.export;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.kaitoflow.inference.weights.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Floats as files hold them, little-endian; a narrower type takes the nearest value, ties to even. */
final class FloatBytes {
    private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FloatBytes() {}

    /**
     * Writes the head of {@code values}.
     *
     * @param type F32, F16 or BF16
     * @param first the element of {@code target} that takes the first value
     */
    static void write(MemorySegment target, ElementType type, long first, float[] values, int length) {
        switch (type) {
            case F32 -> MemorySegment.copy(values, 0, target, FLOAT, first * Float.BYTES, length);
            case F16 -> {
                for (int i = 0; i < length; i++) {
                    target.set(SHORT, (first + i) * Short.BYTES, Float.floatToFloat16(values[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < length; i++) {
                    target.set(SHORT, (first + i) * Short.BYTES, bfloat16(values[i]));
                }
            }
            case F64, I64, I32, I16, I8, U8, BOOL, Q4_0, Q4_1, Q8_0 ->
                throw new IllegalArgumentException("Merged weights are not written as " + type);
        }
    }

    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int lowestKept = (bits >>> 16) & 1;
        // Adding just under half of the last place kept, and one more where that place is odd, rounds ties to even.
        return (short) (Float.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + lowestKept) >>> 16);
    }
}
