package io.kaitoflow.activities.tuning.optimiser;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaitoflow.activities.tuning.random.CounterRandom;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.DeviceVector;
import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdamWTest {

    private static final float[] GRADIENT = {0.5f, -0.25f, 0.125f, 1};

    static Stream<Function<Adam, Optimiser>> kinds() {
        return Stream.of(AdamW::new, ScriptAdamW::new);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void followsTheReferenceForThreeUpdates(Function<Adam, Optimiser> kind) {
        Optimiser optimiser = kind.apply(Adam.defaults());
        TrainedState state = stateOf(1, -2, 0.5f, 0);

        optimiser.update(state, gradient(1), 1, 1, 2e-4);
        assertParameters(state, 0.99980003f, -1.99979997f, 0.4998f, -0.0002f);

        optimiser.update(state, gradient(-0.5f), 1, 2, 2e-4);
        assertParameters(state, 0.99974674f, -1.99974668f, 0.49974674f, -0.00025327f);

        optimiser.update(state, gradient(0.25f), 1, 3, 2e-4);
        assertParameters(state, 0.99967867f, -1.99967861f, 0.49967864f, -0.00032135f);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void decaysTheParameterBeforeTheStep(Function<Adam, Optimiser> kind) {
        TrainedState state = stateOf(1, 1, 1, 1);

        kind.apply(new Adam(0.9, 0.999, 1e-8, 0.1)).update(state, gradient(0), 1, 1, 0.5);

        assertParameters(state, 0.95f, 0.95f, 0.95f, 0.95f);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void clippingScalesTheGradientThatTheMomentsSee(Function<Adam, Optimiser> kind) {
        Optimiser optimiser = kind.apply(Adam.defaults());
        TrainedState clipped = stateOf(1, 1, 1, 1);
        TrainedState smaller = stateOf(1, 1, 1, 1);

        optimiser.update(clipped, gradient(1), 0.25f, 1, 1e-3);
        optimiser.update(smaller, gradient(0.25f), 1, 1, 1e-3);

        assertThat(clipped.firstMoments().host().mismatch(smaller.firstMoments().host()))
                .isEqualTo(-1);
        assertThat(clipped.secondMoments()
                        .host()
                        .mismatch(smaller.secondMoments().host()))
                .isEqualTo(-1);
    }

    @Test
    void theProgramGivesTheSameBits() {
        Adam constants = new Adam(0.9, 0.999, 1e-8, 0.01);
        CounterRandom random = new CounterRandom(5);
        TrainedState java = stateOf(numbers(random.forPurpose(0)));
        TrainedState program = stateOf(numbers(random.forPurpose(0)));
        for (int update = 1; update <= 5; update++) {
            DeviceVector gradients = vector(numbers(random.forPurpose(update)));
            new AdamW(constants).update(java, gradients, 0.3f, update, 2e-4 / update);
            new ScriptAdamW(constants).update(program, gradients, 0.3f, update, 2e-4 / update);
        }

        assertThat(program.parameters().host().mismatch(java.parameters().host()))
                .isEqualTo(-1);
        assertThat(program.secondMoments().host().mismatch(java.secondMoments().host()))
                .isEqualTo(-1);
    }

    private static float[] numbers(CounterRandom random) {
        float[] numbers = new float[1003];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (random.unit(i) - 0.5);
        }
        return numbers;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void normIsTakenOverAllGradientsTogether(Function<Adam, Optimiser> kind) {
        GradientNorm norm = kind.apply(Adam.defaults()).norm(vector(3, 0, -4));

        assertThat(norm.value()).isEqualTo(5);
        assertThat(norm.clip(1)).isCloseTo(0.2f, within(1e-6f));
        assertThat(norm.clip(10)).isOne();
        assertThat(norm.clip(0)).isOne();
    }

    private static TrainedState stateOf(float... parameters) {
        return new TrainedState(
                vector(parameters), vector(new float[parameters.length]), vector(new float[parameters.length]));
    }

    private static DeviceVector vector(float... values) {
        DeviceVector vector = new DeviceVector(ComputeDevice.CPU, values.length);
        vector.host().copyFrom(MemorySegment.ofArray(values));
        return vector;
    }

    private static DeviceVector gradient(float scale) {
        float[] scaled = GRADIENT.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= scale;
        }
        return vector(scaled);
    }

    private static void assertParameters(TrainedState state, float... expected) {
        assertThat(state.parameters().host().toArray(JAVA_FLOAT))
                .usingComparatorWithPrecision(2e-8f)
                .containsExactly(expected);
    }
}
