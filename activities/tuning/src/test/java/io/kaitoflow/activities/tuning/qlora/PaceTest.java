package io.kaitoflow.activities.tuning.qlora;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.tuning.batches.EpochOrder;
import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class PaceTest {

    @Test
    void nothingMeasuredForeseesNothing() {
        assertThat(new Pace().left(1000)).isZero();
    }

    @Test
    void coldStepsCountOnlyUntilThereAreOthers() {
        Pace pace = new Pace();
        pace.add(10, 100);
        assertThat(pace.left(100)).isEqualTo(Duration.ofSeconds(10));
        pace.add(4, 100);
        pace.add(1, 100);

        assertThat(pace.left(200)).isEqualTo(Duration.ofSeconds(2));
    }

    /** Long rows first, as group_by_length has them, and a first step that takes five times as long. */
    @Test
    void afterAFifthOfTheStepsTheRestIsForeseenWithinATenth() {
        int rowsPerStep = 4;
        int[] order = new EpochOrder(2000, true, 7).of(0, rowsPerStep, PaceTest::tokens);
        int steps = order.length / rowsPerStep;
        Pace pace = new Pace();
        long left = java.util.stream.IntStream.range(0, order.length)
                .mapToLong(PaceTest::tokens)
                .sum();
        double rest = 0;
        Duration foreseen = Duration.ZERO;
        for (int step = 0; step < steps; step++) {
            long tokens = 0;
            for (int i = 0; i < rowsPerStep; i++) {
                tokens += tokens(order[step * rowsPerStep + i]);
            }
            double seconds = (0.05 + tokens / 300.0) * (step == 0 ? 5 : 1);
            left -= tokens;
            if (step < steps / 5) {
                pace.add(seconds, tokens);
                foreseen = pace.left(left);
            } else {
                rest += seconds;
            }
        }

        assertThat(foreseen.toMillis() / 1000.0).isCloseTo(rest, Percentage.withPercentage(10));
    }

    private static int tokens(int row) {
        return 20 + row * 37 % 400;
    }
}
