package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpacingTest {

    private final Spacing spacing = new Spacing(Duration.ofNanos(10));

    @Test
    void whoComesAloneDoesNotWait() {
        assertThat(spacing.pauseUntil(-1000, -500)).isZero();
        assertThat(spacing.pauseUntil(0, 100)).isZero();
    }

    @Test
    void whoComeTogetherAreApart() {
        assertThat(spacing.pauseUntil(100, 100)).isZero();
        assertThat(spacing.pauseUntil(100, 100)).isEqualTo(10);
        assertThat(spacing.pauseUntil(100, 105)).isEqualTo(15);
    }

    @Test
    void nobodyIsTooEarly() {
        assertThat(spacing.pauseUntil(140, 100)).isEqualTo(40);
    }
}
