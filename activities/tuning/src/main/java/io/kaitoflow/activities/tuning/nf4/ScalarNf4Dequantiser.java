package io.kaitoflow.activities.tuning.nf4;

import static io.kaitoflow.activities.tuning.nf4.Nf4Tensor.BLOCK;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** One value at a time, on any machine; also finishes the short last block for the vector form. */
final class ScalarNf4Dequantiser implements Nf4Dequantiser {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void dequantise(Nf4Tensor tensor, int fromBlock, int toBlock, Target target, MemorySegment out) {
        for (int block = fromBlock; block < toBlock; block++) {
            switch (target) {
                case F32 -> writeFloats(tensor, block, out);
                case BF16 -> writeBfloats(tensor, block, out);
            }
        }
    }

    private static void writeFloats(Nf4Tensor tensor, int block, MemorySegment out) {
        float scale = tensor.scales().of(block);
        long first = (long) block * BLOCK;
        long end = Math.min(first + BLOCK, tensor.elements());
        for (long i = first; i < end; i++) {
            out.set(FLOAT, i * Float.BYTES, CodeBook.NF4.value(tensor.code(i)) * scale);
        }
    }

    private static void writeBfloats(Nf4Tensor tensor, int block, MemorySegment out) {
        float scale = tensor.scales().of(block);
        long first = (long) block * BLOCK;
        long end = Math.min(first + BLOCK, tensor.elements());
        for (long i = first; i < end; i++) {
            out.set(SHORT, i * Short.BYTES, bfloat16(CodeBook.NF4.value(tensor.code(i)) * scale));
        }
    }

    /** The upper half of a finite float32, rounded to the nearest, ties to even. */
    static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
