package io.kaitoflow.activities.tuning.optimiser;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;
import java.lang.foreign.MemorySegment;

/**
 * Adam with decoupled weight decay in float32, in PyTorch's order of operations: decay before the step, and epsilon
 * added to the bias-corrected root.
 */
public final class AdamW {

    private final Adam constants;

    public AdamW(Adam constants) {
        this.constants = constants;
    }

    /**
     * Changes parameters and moments in place; all memory holds float32 of the same length.
     *
     * @param state parameters and both moments
     * @param gradients of the loss, not yet clipped
     * @param clip factor on every gradient, 1 when none is clipped
     * @param update number of this update, counted from 1
     * @param learningRate of this update
     */
    public void update(TrainedState state, MemorySegment gradients, float clip, long update, double learningRate) {
        MemorySegment parameters = state.parameters();
        MemorySegment firsts = state.firstMoments();
        MemorySegment seconds = state.secondMoments();
        float keep1 = (float) constants.beta1();
        float take1 = (float) (1 - constants.beta1());
        float keep2 = (float) constants.beta2();
        float take2 = (float) (1 - constants.beta2());
        float rate = (float) (learningRate / (1 - Math.pow(constants.beta1(), update)));
        float root = (float) Math.sqrt(1 - Math.pow(constants.beta2(), update));
        float epsilon = (float) constants.epsilon();
        float remain = (float) (1 - learningRate * constants.weightDecay());
        long length = parameters.byteSize() / Float.BYTES;
        for (long i = 0; i < length; i++) {
            float gradient = gradients.getAtIndex(JAVA_FLOAT, i) * clip;
            float first = keep1 * firsts.getAtIndex(JAVA_FLOAT, i) + take1 * gradient;
            float second = keep2 * seconds.getAtIndex(JAVA_FLOAT, i) + take2 * gradient * gradient;
            float step = rate * first / ((float) Math.sqrt(second) / root + epsilon);
            firsts.setAtIndex(JAVA_FLOAT, i, first);
            seconds.setAtIndex(JAVA_FLOAT, i, second);
            parameters.setAtIndex(JAVA_FLOAT, i, parameters.getAtIndex(JAVA_FLOAT, i) * remain - step);
        }
    }
}
