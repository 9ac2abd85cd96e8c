package io.kaitoflow.activities.tuning.nf4;

import java.util.Arrays;

/**
 * The nearest codes of scaled weights by a table instead of a search, which is what loading a model spends its time on. The range
 * from -1 to 1 is cut into cells so narrow that no two midpoints share one; a cell knows the code at its lower end and the
 * midpoint that may lie in it.
 */
final class Nf4Codes {

    /** The code of an exact zero. */
    static final int ZERO = CodeBook.NF4.nearest(0);

    private static final int CELLS = 1 << 10;
    private static final float CELLS_PER_UNIT = CELLS / 2f;

    private static final byte[] CODE = new byte[CELLS + 1];
    private static final float[] MIDPOINT = new float[CELLS + 1];

    static {
        Arrays.fill(MIDPOINT, Float.POSITIVE_INFINITY);
        float[] midpoints = CodeBook.NF4.midpoints();
        for (int cell = 0; cell <= CELLS; cell++) {
            CODE[cell] = (byte) midpoints.length;
        }
        for (int code = midpoints.length - 1; code >= 0; code--) {
            int cell = cell(midpoints[code]);
            Arrays.fill(CODE, 0, cell + 1, (byte) code);
            MIDPOINT[cell] = midpoints[code];
        }
    }

    private Nf4Codes() {}

    /** @param scaled a weight by the largest of its block; rounding may put it a little outside -1 to 1 */
    static int nearest(float scaled) {
        int cell = cell(scaled);
        return CODE[cell] + (scaled > MIDPOINT[cell] ? 1 : 0);
    }

    /** Grows with the value, so that all values of lower cells are lower. */
    private static int cell(float scaled) {
        return Math.clamp((int) ((scaled + 1) * CELLS_PER_UNIT), 0, CELLS);
    }
}
