package io.kaitoflow.activities.tuning.nf4;

import static io.kaitoflow.activities.tuning.nf4.Nf4Tensor.BLOCK;

/** Turns float32 matrices into {@link Nf4Tensor}s, bit for bit as bitsandbytes does. */
public final class Nf4Quantiser {

    private static final int ZERO = CodeBook.NF4.nearest(0);
    private static final float SMALLEST = 1e-38f;

    private final boolean doubleQuantisation;

    /** @param doubleQuantisation whether the block scales are quantised too */
    public Nf4Quantiser(boolean doubleQuantisation) {
        this.doubleQuantisation = doubleQuantisation;
    }

    /**
     * Quantises a matrix.
     *
     * @param values row-major, rows x columns
     * @throws IllegalArgumentException if a value is not finite: such a model cannot be trained
     */
    public Nf4Tensor quantise(float[] values, int rows, int columns) {
        if (values.length != Math.multiplyExact(rows, columns)) {
            throw new IllegalArgumentException(values.length + " values are not a matrix of " + rows + " x " + columns);
        }
        float[] absmax = largestOfBlocks(values);
        BlockScales scales =
                doubleQuantisation ? BlockScales.DoubleQuantised.of(absmax) : new BlockScales.Plain(absmax);
        return new Nf4Tensor(rows, columns, pack(values, absmax), scales);
    }

    static float[] largestOfBlocks(float[] values) {
        float[] absmax = new float[Math.ceilDiv(values.length, BLOCK)];
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("Weight " + i + " is " + values[i]
                        + ", which no 4-bit code stands for. The base model's file is damaged or overflowed.");
            }
            absmax[i / BLOCK] = Math.max(absmax[i / BLOCK], Math.abs(values[i]));
        }
        return absmax;
    }

    private static byte[] pack(float[] values, float[] absmax) {
        byte[] packed = new byte[Math.ceilDiv(values.length, 2)];
        for (int block = 0; block < absmax.length; block++) {
            // Times the reciprocal, not divided by the scale: the last bit decides codes near a midpoint.
            float reciprocal = 1 / Math.max(absmax[block], SMALLEST);
            int end = Math.min((block + 1) * BLOCK, values.length);
            for (int i = block * BLOCK; i < end; i += 2) {
                int high = code(values[i], reciprocal);
                int low = i + 1 < end ? code(values[i + 1], reciprocal) : ZERO;
                packed[i / 2] = (byte) (high << 4 | low);
            }
        }
        return packed;
    }

    private static int code(float value, float reciprocal) {
        return CodeBook.NF4.nearest(clamp(value * reciprocal));
    }

    static float clamp(float scaled) {
        return Math.clamp(scaled, -1f, 1f);
    }
}
