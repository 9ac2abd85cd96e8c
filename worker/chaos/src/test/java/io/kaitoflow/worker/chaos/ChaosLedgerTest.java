package io.kaitoflow.worker.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosLedgerTest {

    @TempDir
    private Path folder = Path.of("");

    private ChaosLedger ledger() {
        return new ChaosLedger(folder.resolve("ledger.tsv"));
    }

    @Test
    void whatWasRunInAnEarlierSittingIsKnownInTheNextOne() {
        ledger().add(CrashPoint.of(7), "abc", true, Duration.ofSeconds(20));

        assertThat(ledger().seeds("abc")).containsExactly(7L);
    }

    @Test
    void whatWasRunOnAnotherCommitCountsForNothing() {
        ledger().add(CrashPoint.of(7), "abc", true, Duration.ofSeconds(20));

        assertThat(ledger().seeds("def")).isEmpty();
    }

    @Test
    void theTableTellsHowManyOfEachVictimWereWell() {
        CrashPoint tuner = new CrashPoint(1, Victim.TUNER, Step.TUNE, Moment.DURING);
        ledger().add(tuner, "abc", true, Duration.ofSeconds(20));
        ledger().add(tuner, "abc", false, Duration.ofSeconds(31));

        assertThat(ledger().table("abc")).contains("| tuner | 2 | 1 | 31 |", "| node | 0 | 0 | 0 |");
    }
}
