package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.DatasetException;
import java.util.Arrays;
import java.util.Random;

/**
 * Which rows are kept for evaluation. The same rows, fraction and seed give the same choice on every machine, because
 * {@link Random}'s numbers are fixed by its specification.
 */
final class HeldOutRows {

    private HeldOutRows() {}

    /**
     * How many.
     *
     * @throws DatasetException.Invalid when nothing would be left on one of the sides
     */
    static int count(long rows, double trainFraction) {
        if (trainFraction >= 1) {
            return 0;
        }
        if (rows < 2) {
            throw new DatasetException.Invalid("The data set holds " + rows
                    + " row, which cannot be split for evaluation; set train_test_split to 1 or add rows.");
        }
        long rounded = Math.round(rows * (1 - trainFraction));
        return Math.toIntExact(Math.clamp(rounded, 1, rows - 1));
    }

    /** Their row numbers from 0, ascending. */
    static int[] choose(int rows, int heldOut, long seed) {
        if (heldOut == 0) {
            return new int[0];
        }
        int[] order = new int[rows];
        Arrays.setAll(order, i -> i);
        Random random = new Random(seed);
        for (int i = 0; i < heldOut; i++) {
            int other = i + random.nextInt(rows - i);
            int chosen = order[other];
            order[other] = order[i];
            order[i] = chosen;
        }
        int[] chosen = Arrays.copyOf(order, heldOut);
        Arrays.sort(chosen);
        return chosen;
    }
}
