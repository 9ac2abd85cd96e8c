package io.kaitoflow.inference.server.chat;

/**
 * How the next token is drawn.
 *
 * @param temperature 0 takes the most probable token
 * @param topK how many of the most probable tokens stay; 0 keeps all
 * @param topP smallest set of tokens whose probabilities reach this sum stays; 1 keeps all
 * @param minP tokens stay that are at least this fraction as probable as the most probable; 0 keeps all
 * @param penalties for what was said already
 * @param seed equal seeds give equal replies
 */
public record Sampling(double temperature, int topK, double topP, double minP, Penalties penalties, long seed) {

    /** Always the most probable token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, Penalties.NONE, 0);

    /**
     * What makes tokens less likely that occurred already.
     *
     * @param repetition divides the logits of tokens of prompt and reply; 1 changes nothing
     * @param presence is taken from the logits of the reply's tokens
     * @param frequency is taken from the logits of the reply's tokens, once for each time
     */
    public record Penalties(double repetition, double presence, double frequency) {
        /** Changes nothing. */
        public static final Penalties NONE = new Penalties(1, 0, 0);
    }
}
