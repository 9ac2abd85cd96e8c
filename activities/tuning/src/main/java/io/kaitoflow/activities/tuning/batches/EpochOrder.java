package io.kaitoflow.activities.tuning.batches;

import io.kaitoflow.activities.tuning.random.CounterRandom;
import java.util.stream.IntStream;

/**
 * The order of rows in each epoch, a function of the seed and the epoch alone, so that a resumed run finds its place.
 *
 * @param rows how many there are
 * @param shuffle false keeps the order of the data
 * @param seed of all epochs' orders
 */
public record EpochOrder(int rows, boolean shuffle, long seed) {

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
}
