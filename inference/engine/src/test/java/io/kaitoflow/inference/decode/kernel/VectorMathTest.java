package io.kaitoflow.inference.decode.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorMathTest {
    private final Random random = new Random(3);

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 100})
    void softmaxIsTheSoftmaxOfItsFirstNumbers(int length) {
        float[] scores = numbers(128, 20);
        double highest = -1e9;
        for (int i = 0; i < length; i++) {
            highest = Math.max(highest, scores[i]);
        }
        var expected = new double[length];
        for (int i = 0; i < length; i++) {
            expected[i] = Math.exp(scores[i] - highest);
        }
        double sum = Arrays.stream(expected).sum();

        VectorMath.softmax(scores, length);

        for (int i = 0; i < length; i++) {
            assertThat((double) scores[i]).isCloseTo(expected[i] / sum, within(1e-5 * expected[i] / sum + 1e-30));
        }
    }

    @Test
    void softmaxOfFarApartNumbersHasNoInfinity() {
        float[] scores = {1e30f, -1e30f, 0, 1e30f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

        VectorMath.softmax(scores, 4);

        assertThat(scores).startsWith(0.5f, 0, 0, 0.5f, 0);
    }

    @Test
    void theGateIsSwishTimesUp() {
        Activations gateUp = new Activations(numbers(2 * 64, 30), 64);
        Activations out = Activations.of(2, 32);

        VectorMath.gate(gateUp, 1, out);

        for (int i = 0; i < 32; i++) {
            double gate = gateUp.values()[64 + i];
            double expected = gate / (1 + Math.exp(-gate)) * gateUp.values()[96 + i];
            assertThat((double) out.values()[32 + i]).isCloseTo(expected, within(1e-6 * Math.abs(expected) + 1e-20));
        }
    }

    @Test
    void theNormDividesByTheRootMeanSquare() {
        Activations x = new Activations(numbers(2 * 48, 3), 48);
        Activations out = Activations.of(2, 48);
        float[] weights = numbers(48, 1);
        double squares = 0;
        for (int i = 0; i < 48; i++) {
            squares += Math.pow(x.values()[48 + i], 2);
        }

        VectorMath.rms(x, 1, weights, 1e-5, out);

        for (int i = 0; i < 48; i++) {
            double expected = x.values()[48 + i] / Math.sqrt(squares / 48 + 1e-5) * weights[i];
            assertThat((double) out.values()[48 + i]).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
        }
    }

    private float[] numbers(int count, double size) {
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (random.nextGaussian() * size);
        }
        return numbers;
    }
}
