package io.kaitoflow.inference.sampling;

/**
 * How the next token is chosen.
 *
 * @param temperature divides the logits; 0 always takes the likeliest token
 * @param topK only the k likeliest tokens may be chosen; 0 for all
 * @param topP only the likeliest tokens that together have this probability may be chosen; 1 for all
 * @param minP only tokens at least this fraction as likely as the likeliest may be chosen; 0 for all
 * @param penalties for what was said already
 * @param seed of the random choices; the same seed, request and model give the same reply
 */
public record SamplingParameters(
        double temperature, int topK, double topP, double minP, Penalties penalties, long seed) {
    public SamplingParameters {
        require(temperature >= 0 && temperature <= 100, "temperature must be from 0 to 100", temperature);
        require(topK >= 0, "top k must be 0 or more", topK);
        require(topP > 0 && topP <= 1, "top p must be above 0 and at most 1", topP);
        require(minP >= 0 && minP <= 1, "min p must be from 0 to 1", minP);
    }

    /** Without min p, and with no penalty but for repetition. */
    public SamplingParameters(double temperature, int topK, double topP, double repetitionPenalty, long seed) {
        this(temperature, topK, topP, 0, new Penalties(repetitionPenalty, 0, 0), seed);
    }

    /**
     * What makes tokens less likely that occurred already.
     *
     * @param repetition divides the logits of tokens of the prompt and the reply; 1 for none
     * @param presence is taken from the logits of tokens of the reply; 0 for none
     * @param frequency is taken from the logits of tokens of the reply, once for each time; 0 for none
     */
    public record Penalties(double repetition, double presence, double frequency) {
        /** No penalty. */
        public static final Penalties NONE = new Penalties(1, 0, 0);

        public Penalties {
            require(repetition > 0 && repetition <= 100, "repetition penalty must be above 0", repetition);
            require(Math.abs(presence) <= 100, "presence penalty must be from -100 to 100", presence);
            require(Math.abs(frequency) <= 100, "frequency penalty must be from -100 to 100", frequency);
        }
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
