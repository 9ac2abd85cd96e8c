package io.kaitoflow.inference.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a reader sees of a text with stop strings. */
class StopScanTest {

    @Test
    void showsEverythingAtOnceWithoutStopStrings() {
        StopScan scan = new StopScan(List.of());

        assertThat(scan.accept("one ")).isEqualTo("one ");
        assertThat(scan.accept("two")).isEqualTo("two");
        assertThat(scan.rest()).isEmpty();
    }

    @Test
    void holdsBackWhatMayBecomeAStopString() {
        StopScan scan = new StopScan(List.of("END"));

        assertThat(scan.accept("the E")).isEqualTo("the ");
        assertThat(scan.accept("N")).isEmpty();
        assertThat(scan.accept("d")).isEqualTo("ENd");
        assertThat(scan.found()).isFalse();
    }

    @Test
    void endsBeforeAStopStringThatCameInPieces() {
        StopScan scan = new StopScan(List.of("END"));

        assertThat(scan.accept("a EN")).isEqualTo("a ");
        assertThat(scan.accept("D b")).isEmpty();
        assertThat(scan.found()).isTrue();
        assertThat(scan.rest()).isEmpty();
    }

    @Test
    void takesTheEarliestOfSeveral() {
        StopScan scan = new StopScan(List.of("b", "ab"));

        assertThat(scan.accept("x ab")).isEqualTo("x ");
    }

    @Test
    void showsWhatWasHeldBackWhenTheTextEnds() {
        StopScan scan = new StopScan(List.of("aab"));

        assertThat(scan.accept("aaa")).isEqualTo("a");
        assertThat(scan.rest()).isEqualTo("aa");
    }
}
