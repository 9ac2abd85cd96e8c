package io.kaitoflow.worker.control.hostile;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few of the seeds that {@code worker/control/hostile} runs by the hundred. */
class HostileIT {

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static Arena arena;

    @BeforeAll
    static void start() {
        arena = new Arena();
    }

    @AfterAll
    static void stop() {
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everythingConvergesWithinTwoMinutesOfHealing(long seed) {
        assertThatCode(() -> new HostileRun(seed, arena).go()).doesNotThrowAnyException();
    }
}
