package io.kaitoflow.inference.sampling;

/**
 * How the next token is chosen.
 *
 * @param temperature divides the logits; 0 always takes the likeliest token
 * @param topK only the k likeliest tokens may be chosen; 0 for all
 * @param topP only the likeliest tokens that together have this probability may be chosen; 1 for all
 * @param repetitionPenalty above 1 makes tokens that occurred already less likely; 1 for none
 * @param seed of the random choices; the same seed, request and model give the same reply
 */
public record SamplingParameters(double temperature, int topK, double topP, double repetitionPenalty, long seed) {
    public SamplingParameters {
        require(temperature >= 0 && temperature <= 100, "temperature must be from 0 to 100", temperature);
        require(topK >= 0, "top k must be 0 or more", topK);
        require(topP > 0 && topP <= 1, "top p must be above 0 and at most 1", topP);
        require(
                repetitionPenalty > 0 && repetitionPenalty <= 100,
                "repetition penalty must be above 0",
                repetitionPenalty);
    }

    /** Always the likeliest token. */
    public static SamplingParameters greedy() {
        return new SamplingParameters(0, 0, 1, 1, 0);
    }

    private static void require(boolean right, String rule, double value) {
        if (!right) {
            throw new IllegalArgumentException("The " + rule + ", not " + value + ".");
        }
    }
}
