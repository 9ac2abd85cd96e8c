package io.kaitoflow.activities.tuning.optimiser;

import io.kaitoflow.inference.tensor.DeviceVector;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * What training changes: float32 vectors of one length each, owned by whoever made them.
 *
 * @param parameters of all adapters
 * @param firstMoments running mean of the gradients
 * @param secondMoments running mean of their squares
 */
public record TrainedState(DeviceVector parameters, DeviceVector firstMoments, DeviceVector secondMoments) {

    public TrainedState {
        if (parameters.length() != firstMoments.length() || parameters.length() != secondMoments.length()) {
            throw new IllegalArgumentException("Parameters and moments differ in length: " + parameters.length() + ", "
                    + firstMoments.length() + " and " + secondMoments.length());
        }
    }

    /** What a checkpoint holds of it, for Java to write after {@link #pull} and to read before {@link #push}. */
    public Map<String, MemorySegment> tensors() {
        return Map.of(
                "adapter", parameters.host(),
                "first-moments", firstMoments.host(),
                "second-moments", secondMoments.host());
    }

    /** Brings what Java sees up to date. */
    public void pull() {
        parameters.pull();
        firstMoments.pull();
        secondMoments.pull();
    }

    /** Takes over what Java wrote. */
    public void push() {
        parameters.push();
        firstMoments.push();
        secondMoments.push();
    }
}
