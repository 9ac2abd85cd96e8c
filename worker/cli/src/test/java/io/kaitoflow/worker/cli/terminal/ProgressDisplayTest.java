package io.kaitoflow.worker.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.cost.Bounds;
import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private Instant now = Instant.EPOCH;
    private final ProgressDisplay display =
            new ProgressDisplay(new PrintStream(written, true, StandardCharsets.UTF_8), false, () -> now);

    @Test
    void tellsEachPhaseOnceAndHowLongItTook() {
        display.phase(new Phase.Fetching());
        display.phase(new Phase.Fetching());
        now = now.plusSeconds(75);
        display.phase(new Phase.Tuning(0));

        assertThat(lines()).containsExactly("  Fetching model and data", "    Fetching took 1:15", "  Tuning");
    }

    @Test
    void whereNobodyLooksABarIsALinePerTenth() {
        for (int step = 1; step <= 100; step++) {
            display.progress(progress(step, 100));
        }

        assertThat(lines()).hasSize(11);
        assertThat(lines().getLast()).isEqualTo("    tuning 100/100  loss 0.500  120 tokens/s  ETA 2:05");
    }

    @Test
    void workOfUnknownLengthIsSaidOnce() {
        display.progress(TuningProgress.of("waiting for another process that fetches model", 0, 0));
        display.progress(TuningProgress.of("waiting for another process that fetches model", 0, 0));

        assertThat(lines()).containsExactly("    waiting for another process that fetches model");
    }

    @Test
    void bytesAreSaidInUnitsThatPeopleRead() {
        display.progress(TuningProgress.of("downloading model", 55_982_199, 92_871_040));

        assertThat(lines()).containsExactly("    downloading model 53.4 MiB/88.6 MiB");
    }

    @Test
    void theLossesOfATrainingAreALineOfBarsAtItsEnd() {
        display.phase(new Phase.Tuning(0));
        for (int step = 1; step <= 4; step++) {
            display.progress(lossOf(step, 4.0 - step));
            display.progress(lossOf(step, 4.0 - step));
        }
        display.phase(new Phase.Publishing());

        assertThat(lines()).contains("    loss 3.000 █▆▃▁ 0.000");
    }

    private static TuningProgress lossOf(long step, double loss) {
        return new TuningProgress(
                "tuning", step, 4, 0, OptionalDouble.of(loss), OptionalDouble.empty(), Optional.empty(), 0);
    }

    @Test
    void aResumeIsSaid() {
        display.phase(new Phase.Tuning(0));
        display.phase(new Phase.Tuning(1));

        assertThat(lines()).contains("  Tuning goes on from the last checkpoint (resume 1)");
    }

    @Test
    void aSmallerBatchIsSaid() {
        display.phase(new Phase.Tuning(1, "The machine ran out of memory with 4 rows at once; it goes on with 2"));

        assertThat(lines())
                .contains(
                        "  Tuning goes on from the last checkpoint (resume 1). The machine ran out of memory with 4 rows"
                                + " at once; it goes on with 2");
    }

    @Test
    void aPauseSaysWhatEndsIt() {
        display.phase(new Phase.Paused("too dear today."));
        display.phase(new Phase.Paused(usedUp(Optional.of(BigDecimal.ONE), Optional.empty())));
        display.phase(new Phase.Paused(usedUp(Optional.empty(), Optional.of(Duration.ofHours(2)))));

        assertThat(lines().get(0)).isEqualTo("  Paused: too dear today; go on with: kaitoflow resume NAME");
        assertThat(lines().get(1))
                .contains("kaito.sh/budget-usd are used by tuning", "kaitoflow extend NAME --budget-usd USD")
                .doesNotContain("resume");
        assertThat(lines().get(2))
                .contains("kaito.sh/max-hours are used by tuning", "kaitoflow extend NAME --max-hours HOURS")
                .doesNotContain("resume");
    }

    private static String usedUp(Optional<BigDecimal> budget, Optional<Duration> most) {
        Spending used = new Spending(BigDecimal.ONE, Duration.ofHours(2), Optional.empty(), Optional.empty());
        return new Bounds(budget, most, used).sentence(Instant.EPOCH) + " Raise it to go on from the checkpoint.";
    }

    private java.util.List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static TuningProgress progress(long step, long total) {
        return new TuningProgress(
                "tuning",
                step,
                total,
                0,
                OptionalDouble.of(0.5),
                OptionalDouble.of(120.4),
                Optional.of(Duration.ofSeconds(125)),
                0);
    }
}
