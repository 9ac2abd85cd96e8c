package io.kaitoflow.activities.tuning.nf4;

/** The largest magnitude of each block of weights, by which its codes are multiplied. */
public sealed interface BlockScales {

    /** The scale of one block, float32. */
    float of(int block);

    /** How many blocks there are. */
    int blocks();

    /** Bytes that the scales take. */
    long bytes();

    /** Scales as they were measured. */
    record Plain(float[] absmax) implements BlockScales {

        @Override
        public float of(int block) {
            return absmax[block];
        }

        @Override
        public int blocks() {
            return absmax.length;
        }

        @Override
        public long bytes() {
            return (long) absmax.length * Float.BYTES;
        }
    }

    /**
     * Scales in one byte each: {@code map[code] * nested + offset}, where 256 scales share one nested scale.
     *
     * @param codes into the dynamic map, one a block
     * @param nested largest distance from the offset, one for 256 blocks
     * @param offset mean of all scales
     */
    record DoubleQuantised(byte[] codes, float[] nested, float offset) implements BlockScales {

        static final int NESTED_BLOCK = 256;

        /** Keeps the reciprocal finite where all scales are equal. */
        private static final float SMALLEST = 1e-38f;

        /** Quantises around the mean. */
        static DoubleQuantised of(float[] absmax) {
            float offset = CascadeMean.of(absmax);
            byte[] codes = new byte[absmax.length];
            float[] nested = new float[Math.ceilDiv(absmax.length, NESTED_BLOCK)];
            for (int group = 0; group < nested.length; group++) {
                int from = group * NESTED_BLOCK;
                int to = Math.min(from + NESTED_BLOCK, absmax.length);
                nested[group] = largestDistance(absmax, offset, from, to);
                float reciprocal = 1 / nested[group];
                for (int i = from; i < to; i++) {
                    codes[i] = (byte) CodeBook.DYNAMIC.nearest(Nf4Quantiser.clamp((absmax[i] - offset) * reciprocal));
                }
            }
            return new DoubleQuantised(codes, nested, offset);
        }

        private static float largestDistance(float[] absmax, float offset, int from, int to) {
            float largest = SMALLEST;
            for (int i = from; i < to; i++) {
                largest = Math.max(largest, Math.abs(absmax[i] - offset));
            }
            return largest;
        }

        @Override
        public float of(int block) {
            return CodeBook.DYNAMIC.value(Byte.toUnsignedInt(codes[block])) * nested[block / NESTED_BLOCK] + offset;
        }

        @Override
        public int blocks() {
            return codes.length;
        }

        @Override
        public long bytes() {
            return codes.length + (long) nested.length * Float.BYTES + Float.BYTES;
        }
    }
}
