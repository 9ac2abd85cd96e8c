package io.kaitoflow.activities.tuning.optimiser;

import java.lang.foreign.MemorySegment;

/**
 * What training changes: float32 memory of one length each, owned by whoever made it.
 *
 * @param parameters of all adapters
 * @param firstMoments running mean of the gradients
 * @param secondMoments running mean of their squares
 */
public record TrainedState(MemorySegment parameters, MemorySegment firstMoments, MemorySegment secondMoments) {

    public TrainedState {
        if (parameters.byteSize() != firstMoments.byteSize() || parameters.byteSize() != secondMoments.byteSize()) {
            throw new IllegalArgumentException("Parameters and moments differ in size: " + parameters.byteSize() + ", "
                    + firstMoments.byteSize() + " and " + secondMoments.byteSize() + " bytes");
        }
    }
}
