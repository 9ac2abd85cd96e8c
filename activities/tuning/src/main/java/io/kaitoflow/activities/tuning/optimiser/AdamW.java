package io.kaitoflow.activities.tuning.optimiser;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.kaitoflow.inference.tensor.DeviceVector;
import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;
import java.lang.foreign.MemorySegment;

/**
 * Adam with decoupled weight decay in float32, in PyTorch's order of operations: decay before the step, and epsilon
 * added to the bias-corrected root. On the processor, where Java sees the numbers.
 */
public final class AdamW implements Optimiser {

    private final Adam constants;

    public AdamW(Adam constants) {
        this.constants = constants;
    }

    @Override
    public GradientNorm norm(DeviceVector gradients) {
        return GradientNorm.of(gradients.host());
    }

    @Override
    public void update(TrainedState state, DeviceVector vector, float clip, long update, double learningRate) {
        MemorySegment gradients = vector.host();
        MemorySegment parameters = state.parameters().host();
        MemorySegment firsts = state.firstMoments().host();
        MemorySegment seconds = state.secondMoments().host();
        AdamStep numbers = AdamStep.of(constants, update, learningRate);
        float keep1 = numbers.keepFirst();
        float take1 = numbers.takeFirst();
        float keep2 = numbers.keepSecond();
        float take2 = numbers.takeSecond();
        float rate = numbers.rate();
        float root = numbers.root();
        float epsilon = numbers.epsilon();
        float remain = numbers.remain();
        for (long i = 0; i < vector.length(); i++) {
            float gradient = gradients.getAtIndex(JAVA_FLOAT, i) * clip;
            float first = keep1 * firsts.getAtIndex(JAVA_FLOAT, i) + take1 * gradient;
            float second = keep2 * seconds.getAtIndex(JAVA_FLOAT, i) + take2 * gradient * gradient;
            float step = rate * first / ((float) Math.sqrt(second) / root + epsilon);
            firsts.setAtIndex(JAVA_FLOAT, i, first);
            seconds.setAtIndex(JAVA_FLOAT, i, second);
            parameters.setAtIndex(JAVA_FLOAT, i, parameters.getAtIndex(JAVA_FLOAT, i) * remain - step);
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
