package io.kaitoflow.activities.tuning.nf4;

import java.lang.foreign.MemorySegment;

/**
 * Writes the values of an {@link Nf4Tensor} into memory that someone else owns, little-endian and row-major. All
 * implementations give the same bits: {@code codeBook[code] * scale} in float32, and for bfloat16 that product rounded
 * to the nearest, ties to even.
 */
public sealed interface Nf4Dequantiser permits ScalarNf4Dequantiser, VectorNf4Dequantiser, ParallelNf4Dequantiser {

    /** Form of the written values. */
    enum Target {
        F32(Float.BYTES),
        BF16(Short.BYTES);

        private final int bytes;

        Target(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of one value. */
        public int bytes() {
            return bytes;
        }
    }

    /** The fastest way that this machine offers. */
    static Nf4Dequantiser best() {
        return VectorNf4Dequantiser.isFastHere() ? new VectorNf4Dequantiser() : new ScalarNf4Dequantiser();
    }

    /**
     * Writes the blocks {@code fromBlock} (inclusive) to {@code toBlock} (exclusive) to their places in {@code out}.
     *
     * @param out room for the whole tensor in the target's form
     */
    void dequantise(Nf4Tensor tensor, int fromBlock, int toBlock, Target target, MemorySegment out);

    /** Writes the whole tensor. */
    default void dequantise(Nf4Tensor tensor, Target target, MemorySegment out) {
        dequantise(tensor, 0, tensor.scales().blocks(), target, out);
    }
}
