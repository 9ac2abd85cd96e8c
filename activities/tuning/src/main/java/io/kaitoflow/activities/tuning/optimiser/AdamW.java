package io.kaitoflow.activities.tuning.optimiser;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.kaitoflow.inference.tensor.DeviceVector;
import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adam with decoupled weight decay in float32, in PyTorch's order of operations: decay before the step, and epsilon
 * added to the bias-corrected root. On the processor, where Java sees the numbers.
 */
public final class AdamW implements Optimiser {

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

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
        AdamStep numbers = AdamStep.of(constants, update, learningRate);
        long wholeVectors = FLOATS.loopBound(vector.length());
        byVectors(state, vector.host(), clip, numbers, wholeVectors);
        oneByOne(state, vector.host(), clip, numbers, wholeVectors);
    }

    /** The same operations in the same order as {@link #oneByOne}, so the same bits. */
    private static void byVectors(TrainedState state, MemorySegment gradients, float clip, AdamStep numbers, long end) {
        MemorySegment parameters = state.parameters().host();
        MemorySegment firsts = state.firstMoments().host();
        MemorySegment seconds = state.secondMoments().host();
        for (long at = 0; at < end * Float.BYTES; at += FLOATS.vectorByteSize()) {
            FloatVector gradient = at(gradients, at).mul(clip);
            FloatVector first = at(firsts, at).mul(numbers.keepFirst()).add(gradient.mul(numbers.takeFirst()));
            FloatVector second = at(seconds, at)
                    .mul(numbers.keepSecond())
                    .add(gradient.mul(numbers.takeSecond()).mul(gradient));
            FloatVector step = first.mul(numbers.rate())
                    .div(second.sqrt().div(numbers.root()).add(numbers.epsilon()));
            first.intoMemorySegment(firsts, at, ORDER);
            second.intoMemorySegment(seconds, at, ORDER);
            at(parameters, at).mul(numbers.remain()).sub(step).intoMemorySegment(parameters, at, ORDER);
        }
    }

    private static FloatVector at(MemorySegment memory, long offset) {
        return FloatVector.fromMemorySegment(FLOATS, memory, offset, ORDER);
    }

    private static void oneByOne(TrainedState state, MemorySegment gradients, float clip, AdamStep numbers, long from) {
        MemorySegment parameters = state.parameters().host();
        MemorySegment firsts = state.firstMoments().host();
        MemorySegment seconds = state.secondMoments().host();
        for (long i = from; i < gradients.byteSize() / Float.BYTES; i++) {
            float gradient = gradients.getAtIndex(JAVA_FLOAT, i) * clip;
            float first = numbers.keepFirst() * firsts.getAtIndex(JAVA_FLOAT, i) + numbers.takeFirst() * gradient;
            float second = numbers.keepSecond() * seconds.getAtIndex(JAVA_FLOAT, i)
                    + numbers.takeSecond() * gradient * gradient;
            float step = numbers.rate() * first / ((float) Math.sqrt(second) / numbers.root() + numbers.epsilon());
            firsts.setAtIndex(JAVA_FLOAT, i, first);
            seconds.setAtIndex(JAVA_FLOAT, i, second);
            parameters.setAtIndex(JAVA_FLOAT, i, parameters.getAtIndex(JAVA_FLOAT, i) * numbers.remain() - step);
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
