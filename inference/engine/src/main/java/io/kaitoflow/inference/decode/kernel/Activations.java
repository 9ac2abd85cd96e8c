package io.kaitoflow.inference.decode.kernel;

/**
 * Rows of float32 numbers, one row a token.
 *
 * @param values row-major
 * @param width numbers of a row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Activations(float[] values, int width) {
    /** Zeros. */
    public static Activations of(int rows, int width) {
        return new Activations(new float[Math.multiplyExact(rows, width)], width);
    }

    /** Where a row begins. */
    public int at(int row) {
        return row * width;
    }
}
