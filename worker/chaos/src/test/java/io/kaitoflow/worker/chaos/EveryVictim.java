package io.kaitoflow.worker.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.testcluster.DockerRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One seed for each victim; {@code worker/chaos/run} runs all cells. */
class EveryVictim {

    /** Shorter than by hand: what would still change after that are the looks that come round every twenty seconds. */
    private static final Duration REST = Duration.ofSeconds(2);

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static World world;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static String expected;

    @BeforeAll
    static void start() {
        assumeTrue(DockerRegistry.installed(), "Install it with: apt-get install docker-registry");
        world = new World();
        expected = ChaosRun.undisturbed(world);
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Victim.class)
    void whoeverDiesTheSameBytesAreServedAndNothingIsLeft(Victim victim) {
        CrashPoint point = new CrashPoint(victim.ordinal(), victim, Step.CHECKPOINT, Moment.AFTER);

        ChaosRun.Verdict verdict = ChaosRun.of(world, point, expected, REST);

        assertThat(verdict.complaints()).as(verdict.diary()).isEmpty();
    }
}
