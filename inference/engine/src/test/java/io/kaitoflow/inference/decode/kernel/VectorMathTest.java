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

        VectorMath.softmax(scores, 0, 0, length, (length + 15) / 16 * 16);

        for (int i = 0; i < length; i++) {
            assertThat((double) scores[i]).isCloseTo(expected[i] / sum, within(1e-5 * expected[i] / sum + 1e-30));
        }
    }

    @Test
    void softmaxOfFarApartNumbersHasNoInfinity() {
        float[] scores = {1e30f, -1e30f, 0, 1e30f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

        VectorMath.softmax(scores, 0, 0, 4, 16);

        assertThat(scores).startsWith(0.5f, 0, 0, 0.5f, 0);
    }

    @Test
    void theGateIsSwishTimesUp() {
        Activations gateUp = new Activations(numbers(2 * 64, 30), 64);
        Activations out = Activations.of(2, 32);

        VectorMath.siluGate(gateUp, 1, out);

        for (int i = 0; i < 32; i++) {
            double gate = gateUp.values()[64 + i];
            double expected = gate / (1 + Math.exp(-gate)) * gateUp.values()[96 + i];
            assertThat((double) out.values()[32 + i]).isCloseTo(expected, within(1e-6 * Math.abs(expected) + 1e-20));
        }
    }

    @Test
    void theOtherGateIsGeluTimesUp() {
        Activations gateUp = new Activations(numbers(2 * 64, 5), 64);
        Activations out = Activations.of(2, 32);

        VectorMath.geluGate(gateUp, 1, out);

        for (int i = 0; i < 32; i++) {
            double gate = gateUp.values()[64 + i];
            double bent = Math.tanh(Math.sqrt(2 / Math.PI) * (gate + 0.044715 * gate * gate * gate));
            double expected = gate * (1 + bent) / 2 * gateUp.values()[96 + i];
            assertThat((double) out.values()[32 + i]).isCloseTo(expected, within(1e-5 * Math.abs(expected) + 1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 16, 37})
    void cappedNumbersApproachTheCapAndNoneBesideThemChanges(int length) {
        float[] numbers = numbers(64, 40);
        float[] capped = numbers.clone();

        VectorMath.cap(capped, 5, length, 30);

        for (int i = 0; i < numbers.length; i++) {
            boolean within = i >= 5 && i < 5 + length;
            double expected = within ? 30 * Math.tanh(numbers[i] / 30) : numbers[i];
            assertThat((double) capped[i]).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void softmaxOfAPartLeavesNothingForTheRest() {
        float[] scores = numbers(48, 3);
        double sum = 0;
        for (int i = 21; i < 30; i++) {
            sum += Math.exp(scores[i]);
        }
        float[] weights = scores.clone();

        VectorMath.softmax(weights, 16, 5, 14, 32);

        for (int i = 16; i < 48; i++) {
            double expected = i >= 21 && i < 30 ? Math.exp(scores[i]) / sum : 0;
            assertThat((double) weights[i]).isCloseTo(expected, within(1e-6));
        }
        assertThat(Arrays.copyOf(weights, 16)).isEqualTo(Arrays.copyOf(scores, 16));
    }

    @Test
    void eachHeadIsDividedByItsOwnRootMeanSquare() {
        float[] x = numbers(80, 3);
        float[] weights = numbers(64, 1);
        float[] normed = x.clone();

        VectorMath.rmsOfEach(32, normed, 16, weights, 1e-5);

        for (int i = 0; i < 64; i++) {
            double squares = 0;
            for (int j = 0; j < 32; j++) {
                squares += Math.pow(x[16 + i / 32 * 32 + j], 2);
            }
            double expected = x[16 + i] / Math.sqrt(squares / 32 + 1e-5) * weights[i];
            assertThat((double) normed[16 + i]).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
        }
        assertThat(Arrays.copyOf(normed, 16)).isEqualTo(Arrays.copyOf(x, 16));
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
