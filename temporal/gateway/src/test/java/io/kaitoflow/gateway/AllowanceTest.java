package io.kaitoflow.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllowanceTest {

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
    private final Allowance allowance = new Allowance(time::get);

    /** Asks so often, one after the other, and says how often it was let in. */
    private long letIn(int calls) {
        return IntStream.range(0, calls).filter(call -> asked()).count();
    }

    private boolean asked() {
        boolean begun = allowance.begin();
        if (begun) {
            allowance.end();
        }
        return begun;
    }

    @Test
    void whoStartsMayAskOftenAtFirstAndThenSoOftenASecond() {
        assertThat(letIn(1000)).isEqualTo(2L * Allowance.CALLS_A_SECOND);

        time.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(letIn(1000)).isEqualTo(Allowance.CALLS_A_SECOND);
    }

    @Test
    void nobodySavesMoreThanTwoSeconds() {
        time.addAndGet(Duration.ofDays(1).toNanos());

        assertThat(letIn(1000)).isEqualTo(2L * Allowance.CALLS_A_SECOND);
    }

    @Test
    void soManyMayBeUnderWayAtOnce() {
        assertThat(IntStream.range(0, 20).filter(call -> allowance.begin()).count())
                .isEqualTo(Allowance.CALLS_AT_ONCE);

        allowance.end();
        assertThat(allowance.begin()).isTrue();
        assertThat(allowance.begin()).isFalse();
    }
}
