package io.kaitoflow.activities.rollout.cluster.trouble;

import java.time.Duration;

/**
 * How long something may be wrong with a pod before nobody waits for it any longer.
 *
 * @param lookAgain between two looks
 * @param ready until it answers, all in all
 * @param image while its image is not there: kubelets try again by themselves, and a registry may be down for a moment
 * @param placed while there is no room for it: what was there before may still be leaving
 * @param crashes after so many ends of a container it will not come up
 * @param gone until what was deleted is gone
 * @param swap until a running server has taken other adapters; after that it is replaced
 */
public record Patience(
        Duration lookAgain,
        Duration ready,
        Duration image,
        Duration placed,
        int crashes,
        Duration gone,
        Duration swap) {

    /** The same, but nothing is waited for longer than this. */
    public Patience within(Duration longest) {
        return ready.compareTo(longest) <= 0
                ? this
                : new Patience(lookAgain, longest, image, placed, crashes, gone, swap);
    }

    /** Below the time that the workflow gives a rollout. */
    public static Patience usual() {
        return new Patience(
                Duration.ofMillis(500),
                Duration.ofMinutes(20),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                3,
                Duration.ofMinutes(4),
                Duration.ofMinutes(1));
    }
}
