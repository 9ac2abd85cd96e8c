package io.kaitoflow.activities.tuning.optimiser;

import static io.kaitoflow.workflows.request.OptimiserRecipe.Schedule.CONSTANT;
import static io.kaitoflow.workflows.request.OptimiserRecipe.Schedule.CONSTANT_WITH_WARMUP;
import static io.kaitoflow.workflows.request.OptimiserRecipe.Schedule.COSINE;
import static io.kaitoflow.workflows.request.OptimiserRecipe.Schedule.LINEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaitoflow.workflows.request.OptimiserRecipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateScheduleTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 2e-5",
        "5, 1e-4",
        "10, 2e-4",
        "11, 1.999390827019096e-4",
        "55, 1e-4",
        "99, 6.09172980904238e-8",
        "100, 0"
    })
    void cosineFollowsTheReference(long step, double rate) {
        assertThat(new LearningRateSchedule(COSINE, 2e-4, 10, 100).at(step)).isCloseTo(rate, within(1e-18));
    }

    @Test
    void linearRisesThenFallsToZero() {
        LearningRateSchedule schedule = new LearningRateSchedule(LINEAR, 1, 10, 110);

        assertThat(schedule.at(0)).isZero();
        assertThat(schedule.at(5)).isEqualTo(0.5);
        assertThat(schedule.at(10)).isOne();
        assertThat(schedule.at(60)).isEqualTo(0.5);
        assertThat(schedule.at(110)).isZero();
        assertThat(schedule.at(111)).isZero();
    }

    @Test
    void constantIgnoresTheWarmup() {
        assertThat(new LearningRateSchedule(CONSTANT, 2e-4, 10, 100).at(0)).isEqualTo(2e-4);
    }

    @Test
    void constantWithWarmupStaysAtThePeak() {
        LearningRateSchedule schedule = new LearningRateSchedule(CONSTANT_WITH_WARMUP, 1, 4, 100);

        assertThat(schedule.at(1)).isEqualTo(0.25);
        assertThat(schedule.at(99)).isOne();
    }

    @Test
    void warmupRatioIsRoundedUpToWholeSteps() {
        assertThat(LearningRateSchedule.of(OptimiserRecipe.defaults(), 72).warmup())
                .isEqualTo(3);
    }
}
