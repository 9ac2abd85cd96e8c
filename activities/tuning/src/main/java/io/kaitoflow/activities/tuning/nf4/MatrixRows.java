package io.kaitoflow.activities.tuning.nf4;

/** The float32 values of a matrix, some rows at a time, so that a large one never exists as a whole. Safe for many threads. */
@FunctionalInterface
public interface MatrixRows {

    /** Elements that are read at a time: enough to be quick, little beside the matrices of a model. */
    int ELEMENTS_AT_A_TIME = 1 << 19;

    /**
     * Reads rows into the head of {@code out}, row-major.
     *
     * @param out holds at least {@code rows} times the columns
     */
    void read(int firstRow, int rows, float[] out);
}
