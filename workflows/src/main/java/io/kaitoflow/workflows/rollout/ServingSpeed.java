package io.kaitoflow.workflows.rollout;

import java.time.Duration;

/**
 * How fast a server answered somebody who asked alone.
 *
 * @param tokens of the reply
 * @param time from the request to the end of the reply, more than zero
 */
public record ServingSpeed(int tokens, Duration time) {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Tokens of the reply per second, the reading of the prompt included. */
    public double tokensPerSecond() {
        return tokens * NANOS_PER_SECOND / time.toNanos();
    }
}
