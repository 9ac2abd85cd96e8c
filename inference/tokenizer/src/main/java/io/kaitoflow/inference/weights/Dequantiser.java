package io.kaitoflow.inference.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Stored elements as float32, exactly as the format defines them: every product and sum is a float32 operation, so the
 * values are the ones that any other exact reader gets, bit for bit. Integers and doubles round to the nearest float.
 */
public final class Dequantiser {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Dequantiser() {}

    /**
     * Reads {@code length} elements, beginning with {@code firstElement}, into the head of {@code out}. A range may
     * begin and end inside a block.
     *
     * @param bytes the whole tensor as stored
     * @throws IndexOutOfBoundsException if the range is not inside the tensor or does not fit {@code out}
     */
    public static void read(MemorySegment bytes, ElementType type, long firstElement, float[] out, int length) {
        long elements = bytes.byteSize() / type.blockBytes() * type.blockElements();
        Objects.checkFromIndexSize(firstElement, length, elements);
        Objects.checkFromIndexSize(0, length, out.length);
        switch (type) {
            case F32 -> MemorySegment.copy(bytes, FLOAT, firstElement * Float.BYTES, out, 0, length);
            case F16 -> readF16(bytes, firstElement, out, length);
            case BF16 -> readBf16(bytes, firstElement, out, length);
            case Q4_0, Q4_1, Q8_0 -> readBlocks(bytes, type, firstElement, out, length);
            case F64, I64, I32, I16, I8, U8, BOOL -> readNumbers(bytes, type, firstElement, out, length);
        }
    }

    private static void readF16(MemorySegment bytes, long first, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = QuantisedBlock.half(bytes, (first + i) * Short.BYTES);
        }
    }

    private static void readBf16(MemorySegment bytes, long first, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = Float.intBitsToFloat(bytes.get(SHORT, (first + i) * Short.BYTES) << 16);
        }
    }

    private static void readNumbers(MemorySegment bytes, ElementType type, long first, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = number(bytes, type, (first + i) * type.blockBytes());
        }
    }

    private static float number(MemorySegment bytes, ElementType type, long at) {
        return switch (type) {
            case F64 -> (float) bytes.get(DOUBLE, at);
            case I64 -> bytes.get(LONG, at);
            case I32 -> bytes.get(INT, at);
            case I16 -> bytes.get(SHORT, at);
            case I8 -> bytes.get(JAVA_BYTE, at);
            case U8, BOOL -> Byte.toUnsignedInt(bytes.get(JAVA_BYTE, at));
            case F32, F16, BF16, Q4_0, Q4_1, Q8_0 -> throw new IllegalArgumentException(type + " has its own loop");
        };
    }

    private static void readBlocks(MemorySegment bytes, ElementType type, long first, float[] out, int length) {
        int done = 0;
        while (done < length) {
            long element = first + done;
            int from = (int) (element % type.blockElements());
            int count = Math.min(type.blockElements() - from, length - done);
            long block = element / type.blockElements() * type.blockBytes();
            switch (type) {
                case Q4_0 -> QuantisedBlock.q4WithScale(bytes, block, from, out, done, count);
                case Q4_1 -> QuantisedBlock.q4WithMinimum(bytes, block, from, out, done, count);
                case Q8_0 -> QuantisedBlock.q8(bytes, block, from, out, done, count);
                default -> throw new IllegalArgumentException(type + " has no blocks");
            }
            done += count;
        }
    }
}
