package io.kaitoflow.activities.tuning.nf4;

/**
 * The float32 mean in the order of summation of PyTorch's CPU kernel. Its last bit decides codes of block scales, so
 * another order, even an exact one, gives another model than bitsandbytes.
 *
 * <p>The values are seen as rows of four vectors of eight lanes. Each lane of each of the four is summed on its own, in
 * levels: after every step of rows a level is added to the next and begins anew, which keeps the rounding error small.
 */
final class CascadeMean {

    private static final int LANES = 8;
    private static final int VECTORS = 4;
    private static final int ROW = LANES * VECTORS;
    private static final int LEVELS = 4;
    private static final int SMALLEST_STEP_POWER = 4;

    private CascadeMean() {}

    static float of(float[] values) {
        return sum(values) / values.length;
    }

    private static float sum(float[] values) {
        int rows = values.length / ROW;
        float[] lanes = sumOfRows(values, rows);
        int vectors = values.length / LANES;
        for (int i = rows * ROW; i < vectors * LANES; i++) {
            lanes[i % LANES] += values[i];
        }
        for (int i = LANES; i < ROW; i++) {
            lanes[i % LANES] += lanes[i];
        }
        float sum = 0;
        for (int i = vectors * LANES; i < values.length; i++) {
            sum += values[i];
        }
        for (int lane = 0; lane < LANES; lane++) {
            sum += lanes[lane];
        }
        return sum;
    }

    private static float[] sumOfRows(float[] values, int rows) {
        float[][] levels = new float[LEVELS][ROW];
        int power = Math.max(SMALLEST_STEP_POWER, ceilingOfLog2(rows) / LEVELS);
        int row = 0;
        while (row + (1 << power) <= rows) {
            for (int end = row + (1 << power); row < end; row++) {
                addRow(values, row, levels[0]);
            }
            carry(levels, row, power);
        }
        for (; row < rows; row++) {
            addRow(values, row, levels[0]);
        }
        for (int level = 1; level < LEVELS; level++) {
            addRow(levels[level], 0, levels[0]);
        }
        return levels[0];
    }

    /** Adds full levels to the next: the second every step, the third every step of steps, and so on. */
    private static void carry(float[][] levels, int row, int power) {
        int mask = (1 << power) - 1;
        for (int level = 1; level < LEVELS; level++) {
            addRow(levels[level - 1], 0, levels[level]);
            levels[level - 1] = new float[ROW];
            if ((row & mask << level * power) != 0) {
                return;
            }
        }
    }

    private static void addRow(float[] values, int row, float[] sums) {
        for (int i = 0; i < ROW; i++) {
            sums[i] += values[row * ROW + i];
        }
    }

    private static int ceilingOfLog2(int value) {
        return value <= 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(value - 1);
    }
}
