package io.kaitoflow.activities.tuning.batches;

import io.kaitoflow.activities.tuning.random.CounterRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The order of rows in each epoch, a function of the seed and the epoch alone, so that a resumed run finds its place.
 *
 * @param rows how many there are
 * @param shuffle false keeps the order of the data
 * @param seed of all epochs' orders
 */
public record EpochOrder(int rows, boolean shuffle, long seed) {

    /** Rows among which those of like length are looked for, in steps: few enough that an epoch stays a mixture. */
    private static final int STEPS_OF_A_GROUP = 50;

    /** The indices of all rows in the order in which this epoch visits them. */
    public int[] of(long epoch) {
        int[] order = IntStream.range(0, rows).toArray();
        if (shuffle) {
            CounterRandom random = new CounterRandom(seed).forPurpose(epoch);
            for (int i = rows - 1; i > 0; i--) {
                int other = (int) Long.remainderUnsigned(random.bits(i), i + 1L);
                int row = order[i];
                order[i] = order[other];
                order[other] = row;
            }
        }
        return order;
    }

    /**
     * The same with rows of like length side by side: the order is cut into groups of fifty steps, and each is sorted, the longest
     * first.
     *
     * @param lengths of the rows
     */
    public int[] of(long epoch, int rowsPerStep, IntUnaryOperator lengths) {
        int[] order = of(epoch);
        int group = Math.multiplyExact(STEPS_OF_A_GROUP, rowsPerStep);
        for (int from = 0; from < rows; from += group) {
            int[] sorted = Arrays.stream(order, from, Math.min(rows, from + group))
                    .mapToObj(row -> new Measured(row, lengths.applyAsInt(row)))
                    .sorted(Comparator.comparingInt(Measured::length).reversed())
                    .mapToInt(Measured::row)
                    .toArray();
            System.arraycopy(sorted, 0, order, from, sorted.length);
        }
        return order;
    }

    private record Measured(int row, int length) {}
}
