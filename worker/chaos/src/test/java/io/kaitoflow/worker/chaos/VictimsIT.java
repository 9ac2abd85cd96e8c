package io.kaitoflow.worker.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.testcluster.DockerRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One cell; {@code -Dchaos.victims=all} takes one for each victim, and {@code worker/chaos/run} all cells.
 */
class VictimsIT {

    private static final String ONE = "CONTROL_WORKER";

    /** Shorter than by hand: what would still change after that are the looks that come round every twenty seconds. */
    private static final Duration REST = Duration.ofSeconds(2);

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static World world;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static String expected;

    static Stream<Victim> victims() {
        String wanted = System.getProperty("chaos.victims", ONE);
        return Stream.of(Victim.values())
                .filter(victim ->
                        wanted.equals("all") || List.of(wanted.split(",")).contains(victim.name()));
    }

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
    @MethodSource("victims")
    void whoeverDiesTheSameBytesAreServedAndNothingIsLeft(Victim victim) {
        CrashPoint point = new CrashPoint(victim.ordinal(), victim, Step.CHECKPOINT, Moment.AFTER);

        ChaosRun.Verdict verdict = ChaosRun.of(world, point, expected, REST);

        assertThat(verdict.complaints()).as(verdict.diary()).isEmpty();
    }
}
