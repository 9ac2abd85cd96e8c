package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BridgeTimesTest {

    private static final WorkspaceId FIRST = new WorkspaceId("models", "first", "uid-1");
    private static final WorkspaceId SECOND = new WorkspaceId("models", "second", "uid-2");

    private final List<Duration> lags = new ArrayList<>();
    private final List<Duration> looks = new ArrayList<>();
    private long nanos;
    private final BridgeTimes times = new BridgeTimes(() -> nanos, lags::add, looks::add);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void aLagIsCountedFromTheFirstNoticeToTheSignal() {
        times.noticed(FIRST.uid());
        pass(Duration.ofSeconds(2));
        times.noticed(FIRST.uid());
        pass(Duration.ofSeconds(1));

        times.settled(FIRST, true);

        assertThat(lags).containsExactly(Duration.ofSeconds(3));
        assertThat(times.longestWait()).isZero();
    }

    @Test
    void whatNeedsNoSignalHasNoLag() {
        times.noticed(FIRST.uid());

        times.settled(FIRST, false);
        times.settled(SECOND, true);

        assertThat(lags).isEmpty();
        assertThat(times.longestWait()).isZero();
    }

    @Test
    void theLongestWaitIsThatOfTheOldestThatWaits() {
        times.noticed(FIRST.uid());
        pass(Duration.ofSeconds(5));
        times.noticed(SECOND.uid());
        pass(Duration.ofSeconds(1));

        assertThat(times.longestWait()).isEqualTo(Duration.ofSeconds(6));
        times.settled(FIRST, true);
        assertThat(times.longestWait()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whoIsInNoListAnyMoreWaitsNoMoreButWhoCameSinceDoes() {
        times.noticed("gone");
        times.noticed(FIRST.uid());
        Set<String> waiting = times.waiting();
        pass(Duration.ofSeconds(1));
        times.noticed(SECOND.uid());

        times.forgetGone(waiting, List.of(FIRST));

        assertThat(times.waiting()).containsExactlyInAnyOrder(FIRST.uid(), SECOND.uid());
    }

    @Test
    void aLookIsMeasuredAlsoWhenItFails() {
        try {
            times.reconciling(() -> {
                pass(Duration.ofSeconds(4));
                throw new IllegalStateException("Temporal is away");
            });
        } catch (IllegalStateException away) {
            assertThat(away).hasMessage("Temporal is away");
        }

        assertThat(looks).containsExactly(Duration.ofSeconds(4));
    }
}
