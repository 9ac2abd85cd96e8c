package io.kaitoflow.activities.tuning.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaitoflow.activities.tuning.batches.EpochOrder;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {

    @Test
    void isSplitMix() {
        CounterRandom random = new CounterRandom(1234567);

        assertThat(LongStream.range(0, 3).map(random::bits).toArray())
                .containsExactly(6457827717110365317L, 3203168211198807973L, -8629252141511181193L);
    }

    @Test
    void unitNumbersAreUniform() {
        CounterRandom random = new CounterRandom(42);

        double[] numbers =
                LongStream.range(0, 100_000).mapToDouble(random::unit).toArray();

        assertThat(Arrays.stream(numbers).average().orElseThrow()).isCloseTo(0.5, within(0.005));
        assertThat(Arrays.stream(numbers)).allMatch(number -> number >= 0 && number < 1);
    }

    @Test
    void purposesGiveDifferentNumbers() {
        CounterRandom random = new CounterRandom(42);

        assertThat(random.forPurpose(0).bits(0))
                .isNotEqualTo(random.forPurpose(1).bits(0));
    }

    @Test
    void everyEpochVisitsEveryRowOnceInAnOrderOfItsOwn() {
        EpochOrder order = new EpochOrder(96, true, 42);

        assertThat(order.of(0)).containsExactlyInAnyOrder(IntStream.range(0, 96).toArray());
        assertThat(order.of(0)).isEqualTo(order.of(0)).isNotEqualTo(order.of(1));
    }

    @Test
    void withoutShufflingTheDataKeepsItsOrder() {
        assertThat(new EpochOrder(4, false, 42).of(3)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void rowsOfLikeLengthGoTogetherWhereThatIsAsked() {
        int[] lengths = IntStream.range(0, 400).map(row -> row * 37 % 101).toArray();
        EpochOrder order = new EpochOrder(lengths.length, true, 42);

        int[] grouped = order.of(1, 4, row -> lengths[row]);

        assertThat(grouped).containsExactlyInAnyOrder(order.of(0));
        assertThat(grouped).isNotEqualTo(order.of(2, 4, row -> lengths[row]));
        assertThat(spread(grouped, lengths)).isLessThan(spread(order.of(1), lengths) / 10);
    }

    /** By how much lengths differ within steps of four rows, all steps together. */
    private static int spread(int[] order, int[] lengths) {
        int spread = 0;
        for (int from = 0; from < order.length; from += 4) {
            IntSummaryStatistics step = IntStream.of(order)
                    .skip(from)
                    .limit(4)
                    .map(row -> lengths[row])
                    .summaryStatistics();
            spread += step.getMax() - step.getMin();
        }
        return spread;
    }
}
