package io.kaitoflow.inference.decode.kernel;

/**
 * Reads rows of one element type. Both ways to use a row give the same sums bit for bit: {@link #dot4}, and
 * {@link #unpack} followed by {@link FloatTile#dot}.
 */
interface RowKernel {
    /** Four neighbouring rows against one input; their sums go to the head of {@code out}. */
    void dot4(StoredMatrix matrix, int row, float[] x, int xAt, float[] out);

    /** One row as float32. */
    void unpack(StoredMatrix matrix, int row, float[] out, int outAt);
}
