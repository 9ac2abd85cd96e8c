package io.kaitoflow.activities.tuning.optimiser;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class AdamWTest {

    private static final float[] GRADIENT = {0.5f, -0.25f, 0.125f, 1};

    private final AdamW optimiser = new AdamW(Adam.defaults());

    @Test
    void followsTheReferenceForThreeUpdates() {
        TrainedState state = stateOf(1, -2, 0.5f, 0);

        optimiser.update(state, gradient(1), 1, 1, 2e-4);
        assertParameters(state, 0.99980003f, -1.99979997f, 0.4998f, -0.0002f);

        optimiser.update(state, gradient(-0.5f), 1, 2, 2e-4);
        assertParameters(state, 0.99974674f, -1.99974668f, 0.49974674f, -0.00025327f);

        optimiser.update(state, gradient(0.25f), 1, 3, 2e-4);
        assertParameters(state, 0.99967867f, -1.99967861f, 0.49967864f, -0.00032135f);
    }

    @Test
    void decaysTheParameterBeforeTheStep() {
        TrainedState state = stateOf(1, 1, 1, 1);

        new AdamW(new Adam(0.9, 0.999, 1e-8, 0.1)).update(state, gradient(0), 1, 1, 0.5);

        assertParameters(state, 0.95f, 0.95f, 0.95f, 0.95f);
    }

    @Test
    void clippingScalesTheGradientThatTheMomentsSee() {
        TrainedState clipped = stateOf(1, 1, 1, 1);
        TrainedState smaller = stateOf(1, 1, 1, 1);

        optimiser.update(clipped, gradient(1), 0.25f, 1, 1e-3);
        optimiser.update(smaller, gradient(0.25f), 1, 1, 1e-3);

        assertThat(clipped.firstMoments().mismatch(smaller.firstMoments())).isEqualTo(-1);
        assertThat(clipped.secondMoments().mismatch(smaller.secondMoments())).isEqualTo(-1);
    }

    @Test
    void normIsTakenOverAllGradientsTogether() {
        GradientNorm norm = GradientNorm.of(MemorySegment.ofArray(new float[] {3, 0, -4}));

        assertThat(norm.value()).isEqualTo(5);
        assertThat(norm.clip(1)).isCloseTo(0.2f, within(1e-6f));
        assertThat(norm.clip(10)).isOne();
        assertThat(norm.clip(0)).isOne();
    }

    private static TrainedState stateOf(float... parameters) {
        return new TrainedState(
                MemorySegment.ofArray(parameters),
                MemorySegment.ofArray(new float[parameters.length]),
                MemorySegment.ofArray(new float[parameters.length]));
    }

    private static MemorySegment gradient(float scale) {
        float[] scaled = GRADIENT.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= scale;
        }
        return MemorySegment.ofArray(scaled);
    }

    private static void assertParameters(TrainedState state, float... expected) {
        assertThat(state.parameters().toArray(JAVA_FLOAT))
                .usingComparatorWithPrecision(2e-8f)
                .containsExactly(expected);
    }
}
