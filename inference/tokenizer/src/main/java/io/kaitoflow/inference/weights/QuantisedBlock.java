package io.kaitoflow.inference.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Elements of one 32-element block, read from index {@code from} into {@code out} at {@code at}. */
final class QuantisedBlock {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Four-bit codes: the low nibbles of 16 bytes are the first half of the block, the high nibbles the second. */
    private static final int NIBBLE_BYTES = 16;

    private QuantisedBlock() {}

    static void q4WithScale(MemorySegment bytes, long block, int from, float[] out, int at, int count) {
        float scale = half(bytes, block);
        for (int i = 0; i < count; i++) {
            out[at + i] = scale * (nibble(bytes, block + Short.BYTES, from + i) - 8);
        }
    }

    static void q4WithMinimum(MemorySegment bytes, long block, int from, float[] out, int at, int count) {
        float scale = half(bytes, block);
        float minimum = half(bytes, block + Short.BYTES);
        for (int i = 0; i < count; i++) {
            out[at + i] = scale * nibble(bytes, block + 2 * Short.BYTES, from + i) + minimum;
        }
    }

    static void q8(MemorySegment bytes, long block, int from, float[] out, int at, int count) {
        float scale = half(bytes, block);
        for (int i = 0; i < count; i++) {
            out[at + i] = scale * bytes.get(JAVA_BYTE, block + Short.BYTES + from + i);
        }
    }

    static float half(MemorySegment bytes, long at) {
        return Float.float16ToFloat(bytes.get(SHORT, at));
    }

    private static int nibble(MemorySegment bytes, long codes, int index) {
        int pair = bytes.get(JAVA_BYTE, codes + (index % NIBBLE_BYTES));
        return (pair >>> (index / NIBBLE_BYTES * 4)) & 0xF;
    }
}
