package io.kaitoflow.workflows.rollout;

/**
 * How a tuner ended that fell silent.
 *
 * @param outOfMemory whether the system ended it because the memory was full
 * @param evidence what is known of its end, in sentences; empty when nothing is, or when it still stands
 * @param gone whether none stands that could take a step; false in answers of earlier releases
 */
public record TunerEnd(boolean outOfMemory, String evidence, boolean gone) {

    /** It still stands, or nobody saw it end. */
    public static TunerEnd unknown() {
        return new TunerEnd(false, "", false);
    }

    /** None is there, and nobody knows why. */
    public static TunerEnd vanished(String evidence) {
        return new TunerEnd(false, evidence, true);
    }
}
