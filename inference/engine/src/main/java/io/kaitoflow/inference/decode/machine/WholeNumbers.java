package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.kernel.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Rounds 32 numbers at a time to whole numbers of 16 bits with one scale, in the forms that {@link InputForm} tells. */
final class WholeNumbers {
    /** Adding it rounds a small float to a whole number, to nearest and ties to even, which then stands in the low bits. */
    private static final float ROUNDER = 12_582_912f;

    static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
    static final int MAGNITUDE = Integer.MAX_VALUE;
    /** Where all numbers are smaller than this, they are rounded as if it were one of them: so its inverse is finite. */
    static final int SMALLEST_BITS = Float.floatToRawIntBits(1e-30f);
    /** What makes the upper byte the nearest. */
    static final int HALF_OF_UPPER = 1 << 7;
    /** Its upper byte is 127 also after rounding. */
    static final float MOST = 127 << 8;

    private WholeNumbers() {}

    /** Writes a step of the form from the numbers from {@code from} on. */
    static void put(InputForm form, float[] x, int from, MemorySegment memory, long at) {
        float greatest = greatest(x, from);
        float scale = greatest / MOST;
        float inverse = MOST / greatest;
        IntVector sums = IntVector.zero(Lanes.INTS);
        for (int i = 0; i < form.columns(); i += Lanes.COUNT) {
            IntVector codes = codes(FloatVector.fromArray(Lanes.FLOATS, x, from + i), inverse);
            sums = sums.add(codes);
            if (form == InputForm.WHOLE) {
                putShorts(codes, memory, at + (long) Short.BYTES * i);
            } else {
                putSplit(codes, memory, at + i);
            }
        }
        int sum = sums.reduceLanes(VectorOperators.ADD);
        memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + InputForm.SCALE_AT, scale);
        memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + InputForm.SCALED_SUM_AT, scale * sum);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at + InputForm.FOUR_BIT_START_AT, -8 * sum);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at + InputForm.EIGHT_BIT_START_AT, -128 * sum);
    }

    private static float greatest(float[] x, int from) {
        // The bits of magnitudes are ordered as these are, and cheaper to compare.
        IntVector greatest = IntVector.broadcast(Lanes.INTS, SMALLEST_BITS);
        for (int i = 0; i < InputForm.WHOLE.columns(); i += Lanes.COUNT) {
            greatest = greatest.max(FloatVector.fromArray(Lanes.FLOATS, x, from + i)
                    .reinterpretAsInts()
                    .and(MAGNITUDE));
        }
        return Float.intBitsToFloat(greatest.reduceLanes(VectorOperators.MAX));
    }

    private static IntVector codes(FloatVector x, float inverse) {
        return x.mul(inverse).add(ROUNDER).reinterpretAsInts().sub(ROUNDER_BITS);
    }

    private static void putShorts(IntVector codes, MemorySegment memory, long at) {
        codes.convertShape(VectorOperators.I2S, Lanes.SHORTS, 0)
                .reinterpretAsShorts()
                .intoMemorySegment(memory, at, ByteOrder.nativeOrder());
    }

    private static void putSplit(IntVector codes, MemorySegment memory, long at) {
        IntVector upper = codes.add(HALF_OF_UPPER).lanewise(VectorOperators.ASHR, Byte.SIZE);
        putBytes(upper, memory, at);
        putBytes(codes.sub(upper.lanewise(VectorOperators.LSHL, Byte.SIZE)), memory, at + InputForm.LOWER_AT);
    }

    private static void putBytes(IntVector values, MemorySegment memory, long at) {
        values.convertShape(VectorOperators.I2B, Lanes.BYTES, 0)
                .reinterpretAsBytes()
                .intoMemorySegment(memory, at, ByteOrder.nativeOrder());
    }
}
