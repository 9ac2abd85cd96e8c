package io.kaitoflow.workflows.rollout;

/**
 * How a tuner ended that fell silent.
 *
 * @param outOfMemory whether the system ended it because the memory was full
 * @param evidence what is known of its end, in sentences; empty when nothing is, or when it still stands
 */
public record TunerEnd(boolean outOfMemory, String evidence) {

    /** Nobody saw it end. */
    public static TunerEnd unknown() {
        return new TunerEnd(false, "");
    }
}
