package io.kaitoflow.inference.decode.machine;

/** What the numbers that a matrix is multiplied with are rounded to. */
public enum InputForm {
    /**
     * Whole numbers of 16 bits with a scale for each 32: the numbers, the scale, scale times sum as float32, then -8 times the sum
     * and -128 times the sum as integers, which is where sums of codes begin that are kept higher than they mean.
     */
    WHOLE(32, 80),
    /** The same with the numbers in two parts: their upper bytes, then their lower bytes, both signed. */
    WHOLE_SPLIT(32, 80),
    /** Upper halves of float32. */
    BFLOAT16(16, 32);

    static final int LOWER_AT = 32;
    static final int SCALE_AT = 64;
    static final int SCALED_SUM_AT = 68;
    static final int FOUR_BIT_START_AT = 72;
    static final int EIGHT_BIT_START_AT = 76;

    private final int columns;
    private final int stepBytes;

    InputForm(int columns, int stepBytes) {
        this.columns = columns;
        this.stepBytes = stepBytes;
    }

    /** Columns of a step. */
    int columns() {
        return columns;
    }

    /** Bytes of a step. */
    int stepBytes() {
        return stepBytes;
    }

    /** Bytes of a row. */
    long rowBytes(int width) {
        return (long) width / columns * stepBytes;
    }
}
