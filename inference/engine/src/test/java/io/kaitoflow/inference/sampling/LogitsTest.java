package io.kaitoflow.inference.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vocabularies of many stretches, of which the last is no whole one, beside what definitions give. */
class LogitsTest {
    private static float[] logits(int count) {
        var random = new Random(count);
        var logits = new float[count];
        for (int i = 0; i < count; i++) {
            logits[i] = (float) (3 * random.nextGaussian());
        }
        return logits;
    }

    private static List<Integer> likeliestFirst(float[] logits) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -logits[i]))
                .toList();
    }

    private static int[] kept(float[] logits) {
        return IntStream.range(0, logits.length)
                .filter(i -> logits[i] > Float.NEGATIVE_INFINITY)
                .toArray();
    }

    private static double[] probabilities(float[] logits) {
        double total = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i]))
                .sum();
        return IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i]) / total)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 100, 1024, 4999})
    void theLikeliestIsTheFirstOfTheGreatest(int count) {
        for (int place = 0; place < count; place += 1 + count / 9) {
            float[] logits = logits(count);
            logits[place] = 99;
            logits[count - 1] = 99;

            assertThat(Logits.argMax(logits)).isEqualTo(place);
        }
        var nothing = new float[count];
        Arrays.fill(nothing, Float.NEGATIVE_INFINITY);
        assertThat(Logits.argMax(nothing)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 15, 100, 1024, 4999})
    void topKKeepsTheLikeliest(int count) {
        for (int k = 1; k < count; k += 1 + count / 7) {
            float[] logits = logits(count);
            int[] expected = likeliestFirst(logits).stream()
                    .limit(k)
                    .sorted()
                    .mapToInt(i -> i)
                    .toArray();

            Logits.keepTopK(logits, k);

            assertThat(kept(logits)).as("k = %d", k).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 1000, 4999})
    void topKKeepsAllThatAreAsLikelyAsTheLast(int count) {
        float[] logits = logits(count);
        Arrays.fill(logits, 5, 9, 50f);

        Logits.keepTopK(logits, 2);

        assertThat(kept(logits)).containsExactly(5, 6, 7, 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 1024, 4999})
    void topPKeepsTheFewestThatReachIt(int count) {
        for (double p : new double[] {0.1, 0.5, 0.9, 0.99}) {
            float[] logits = logits(count);
            double[] probabilities = probabilities(logits);
            double missing = p;
            int needed = 0;
            for (int id : likeliestFirst(logits)) {
                if (missing > 0) {
                    missing -= probabilities[id];
                    needed++;
                }
            }

            Logits.keepTopP(logits, p);

            assertThat(kept(logits).length).as("p = %s", p).isCloseTo(needed, within(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 1024, 4999})
    void aPointOfTheDistributionIsTheTokenItFallsOn(int count) {
        double[] probabilities = probabilities(logits(count));
        double below = 0;
        for (int id = 0; id < count; id++) {
            if (probabilities[id] > 1e-4) {
                assertThat(Logits.draw(logits(count), below + probabilities[id] / 2))
                        .isEqualTo(id);
            }
            below += probabilities[id];
        }
        assertThat(Logits.draw(logits(count), Math.nextDown(1.0))).isBetween(0, count - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 4999})
    void aForbiddenTokenIsNeverDrawn(int count) {
        for (int i = 0; i <= 100; i++) {
            float[] logits = logits(count);
            for (int id = 0; id < count; id++) {
                logits[id] = id % 3 == 0 ? logits[id] : Float.NEGATIVE_INFINITY;
            }
            assertThat(Logits.draw(logits, Math.min(i / 100.0, Math.nextDown(1.0))) % 3)
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 4999})
    void logitsThatAreNoNumbersStillGiveAToken(int count) {
        var logits = new float[count];
        Arrays.fill(logits, Float.NaN);

        Logits.keepTopK(logits, 3);
        Logits.keepTopP(logits, 0.9);
        Logits.keepMinP(logits, 0.1);

        assertThat(Logits.draw(logits, 0.5)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 1024, 4999})
    void theLogarithmOfTheSumIsThatOfTheDefinition(int count) {
        float[] logits = logits(count);
        double sum =
                IntStream.range(0, count).mapToDouble(i -> Math.exp(logits[i])).sum();

        assertThat(Logits.logSumExp(logits)).isCloseTo(Math.log(sum), within(1e-6));
        assertThat(logits).isEqualTo(logits(count));
    }
}
