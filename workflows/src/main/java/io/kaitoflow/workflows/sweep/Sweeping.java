package io.kaitoflow.workflows.sweep;

import java.time.Duration;

/**
 * How a sweep goes.
 *
 * @param interval between two rounds
 * @param grace between two looks at a claim that seems abandoned: an object or a run may be on its way
 */
public record Sweeping(Duration interval, Duration grace) {

    /** What costs is found within a quarter of an hour. */
    public static Sweeping standard() {
        return new Sweeping(Duration.ofMinutes(10), Duration.ofMinutes(2));
    }
}
