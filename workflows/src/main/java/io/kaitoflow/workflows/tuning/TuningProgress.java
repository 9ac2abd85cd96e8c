package io.kaitoflow.workflows.tuning;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The heartbeat detail of every step on the leased machine; it never passes through history.
 *
 * @param activity what is being done, e.g. {@code tuning} or {@code downloading model}
 * @param step finished optimiser steps, or finished units of another kind of work
 * @param totalSteps all of them; 0 when unknown
 * @param epoch passes over the data so far
 * @param loss of the last step
 * @param tokensPerSecond of the last steps
 * @param eta time left
 * @param checkpointStep step of the newest checkpoint; 0 when there is none
 */
public record TuningProgress(
        String activity,
        long step,
        long totalSteps,
        double epoch,
        OptionalDouble loss,
        OptionalDouble tokensPerSecond,
        Optional<Duration> eta,
        long checkpointStep) {

    /** Progress of work that is not training. */
    public static TuningProgress of(String activity, long step, long totalSteps) {
        return new TuningProgress(
                activity, step, totalSteps, 0, OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty(), 0);
    }
}
