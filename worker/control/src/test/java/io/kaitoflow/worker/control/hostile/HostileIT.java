package io.kaitoflow.worker.control.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten seeds of {@code worker/control/hostile}, which runs a hundred. */
class HostileIT {

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
    void whateverStrikesTheClusterConvergesAndNothingIsBoughtTwice(long seed) {
        assertThat(new HostileRun(seed, arena).go()).contains("converged");
    }
}
