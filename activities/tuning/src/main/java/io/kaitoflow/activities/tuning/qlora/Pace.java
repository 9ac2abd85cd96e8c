package io.kaitoflow.activities.tuning.qlora;

import java.time.Duration;

/**
 * Foresees the end of a run from the tokens that are still to come and the speed of this process. Its first steps, in which code and
 * memory are cold, count only until there are others.
 */
final class Pace {

    private static final int COLD_STEPS = 2;

    private int steps;
    private double seconds;
    private long tokens;

    /** A finished step. */
    void add(double stepSeconds, long stepTokens) {
        if (++steps == COLD_STEPS + 1) {
            seconds = 0;
            tokens = 0;
        }
        seconds += stepSeconds;
        tokens += stepTokens;
    }

    /** How long the rest takes; nothing while nothing was measured. */
    Duration left(long tokensLeft) {
        return tokens == 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.round(1000 * seconds / tokens * Math.max(0, tokensLeft)));
    }
}
