package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundsTest {

    @Test
    void aRoundComesAgainWhateverItEndedWith() throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        try (Rounds rounds = new Rounds("test-rounds")) {
            rounds.every(Duration.ofMillis(1), () -> {
                twice.countDown();
                throw new IllegalStateException("nobody foresaw this");
            });

            assertThat(twice.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
