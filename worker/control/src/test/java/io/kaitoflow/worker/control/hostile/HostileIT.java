package io.kaitoflow.worker.control.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A few of the seeds that {@code worker/control/hostile} runs by the hundred. */
class HostileIT {

    private static final int SEEDS = 10;

    @Test
    void everythingConvergesWithinTwoMinutesOfHealing() {
        List<String> failures = new HostileSeries().failures(1, SEEDS);

        assertThat(failures).isEmpty();
    }
}
