package io.kaitoflow.inference.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SamplerTest {
    /** ln of 0.5, 0.3, 0.15, 0.05. */
    private static final float[] LOGITS = {-0.6931472f, -1.2039728f, -1.8971200f, -2.9957323f};

    private static final TokenHistory NOTHING = new TokenHistory();

    private static double[] frequencies(SamplingParameters parameters) {
        Sampler sampler = Sampler.of(parameters);
        var counts = new double[LOGITS.length];
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            counts[sampler.choose(LOGITS.clone(), NOTHING)] += 1.0 / draws;
        }
        return counts;
    }

    @Test
    void temperatureZeroTakesTheLikeliest() {
        assertThat(Sampler.of(SamplingParameters.greedy()).choose(new float[] {1, 3, 2, 3}, NOTHING))
                .isEqualTo(1);
    }

    @Test
    void temperatureOneDrawsByProbability() {
        assertThat(frequencies(new SamplingParameters(1, 0, 1, 1, 5)))
                .containsExactly(new double[] {0.5, 0.3, 0.15, 0.05}, within(0.015));
    }

    @Test
    void temperatureTwoFlattens() {
        double sum = Math.sqrt(0.5) + Math.sqrt(0.3) + Math.sqrt(0.15) + Math.sqrt(0.05);
        assertThat(frequencies(new SamplingParameters(2, 0, 1, 1, 5)))
                .containsExactly(
                        new double[] {
                            Math.sqrt(0.5) / sum, Math.sqrt(0.3) / sum, Math.sqrt(0.15) / sum, Math.sqrt(0.05) / sum
                        },
                        within(0.015));
    }

    @Test
    void topKDrawsFromTheLikeliestOnly() {
        assertThat(frequencies(new SamplingParameters(1, 2, 1, 1, 5)))
                .containsExactly(new double[] {0.625, 0.375, 0, 0}, within(0.015));
    }

    @Test
    void topPDrawsFromTheFewestThatReachIt() {
        assertThat(frequencies(new SamplingParameters(1, 0, 0.75, 1, 5)))
                .containsExactly(new double[] {0.625, 0.375, 0, 0}, within(0.015));
        assertThat(frequencies(new SamplingParameters(1, 0, 0.01, 1, 5)))
                .containsExactly(new double[] {1, 0, 0, 0}, within(1e-9));
        assertThat(frequencies(new SamplingParameters(1, 0, 0.9, 1, 5))[3]).isZero();
    }

    @Test
    void sameSeedSameChoices() {
        var parameters = new SamplingParameters(1, 0, 1, 1, 42);
        Sampler first = Sampler.of(parameters);
        Sampler second = Sampler.of(parameters);

        for (int i = 0; i < 100; i++) {
            assertThat(first.choose(LOGITS.clone(), NOTHING)).isEqualTo(second.choose(LOGITS.clone(), NOTHING));
        }
    }

    @Test
    void penaltyMakesSeenTokensLessLikelyOnBothSidesOfZero() {
        var seen = new TokenHistory(0);
        Sampler sampler = Sampler.of(new SamplingParameters(0, 0, 1, 2, 0));

        assertThat(sampler.choose(new float[] {3, 2}, seen)).isEqualTo(1);
        assertThat(sampler.choose(new float[] {5, 2}, seen)).isEqualTo(0);
        assertThat(sampler.choose(new float[] {-2, -3}, seen)).isEqualTo(1);
    }

    @Test
    void minPKeepsWhatIsLikelyEnoughBesideTheLikeliest() {
        var parameters = new SamplingParameters(1, 0, 1, 0.5, SamplingParameters.Penalties.NONE, 5);
        assertThat(frequencies(parameters)).containsExactly(new double[] {0.625, 0.375, 0, 0}, within(0.015));
    }

    @Test
    void presenceAndFrequencyCountTheReplyAndNotThePrompt() {
        var history = new TokenHistory(1);
        history.add(0);
        history.add(0);

        assertThat(greedy(2.1, 0).choose(new float[] {3, 1}, history)).isEqualTo(1);
        assertThat(greedy(1.9, 0).choose(new float[] {3, 1}, history)).isEqualTo(0);
        assertThat(greedy(0, 1.1).choose(new float[] {3, 1}, history)).isEqualTo(1);
        assertThat(greedy(0, 0.9).choose(new float[] {3, 1}, history)).isEqualTo(0);
    }

    private static Sampler greedy(double presence, double frequency) {
        return Sampler.of(
                new SamplingParameters(0, 0, 1, 0, new SamplingParameters.Penalties(1, presence, frequency), 0));
    }

    @Test
    void oddsAreThoseOfTheModelBeforeAnyPenalty() {
        float[] logits = {1, 3, 2, 0};
        OddsRecord record = new OddsRecord(logits, 2);
        logits[1] = -100;
        double total = Math.log(Math.exp(1) + Math.exp(3) + Math.exp(2) + 1);

        ChosenToken.Odds odds = record.of(0);

        assertThat(odds.logProbability()).isCloseTo(1 - total, within(1e-6));
        assertThat(odds.likeliest()).extracting(ChosenToken.Candidate::id).containsExactly(1, 2);
        assertThat(odds.likeliest().getFirst().logProbability()).isCloseTo(3 - total, within(1e-6));
        assertThat(new OddsRecord(logits, 0).of(1).likeliest()).isEmpty();
    }

    @Test
    void refusesParametersOutOfRange() {
        assertThatThrownBy(() -> new SamplingParameters(-1, 0, 1, 1, 0)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> new SamplingParameters(1, -1, 1, 1, 0)).hasMessageContaining("top k");
        assertThatThrownBy(() -> new SamplingParameters(1, 0, 0, 1, 0)).hasMessageContaining("top p");
        assertThatThrownBy(() -> new SamplingParameters(1, 0, 1, 0, 0)).hasMessageContaining("penalty");
        assertThatThrownBy(() -> new SamplingParameters(1, 0, 1, 1.1, SamplingParameters.Penalties.NONE, 0))
                .hasMessageContaining("min p");
        assertThatThrownBy(() -> new SamplingParameters(Double.NaN, 0, 1, 1, 0)).hasMessageContaining("temperature");
    }
}
