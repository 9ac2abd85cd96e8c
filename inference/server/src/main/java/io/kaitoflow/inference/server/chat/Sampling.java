package io.kaitoflow.inference.server.chat;

/**
 * How the next token is drawn.
 *
 * @param temperature 0 takes the most probable token
 * @param topK how many of the most probable tokens stay; 0 keeps all
 * @param topP smallest set of tokens whose probabilities reach this sum stays; 1 keeps all
 * @param repetitionPenalty divides the logits of tokens seen before; 1 changes nothing
 * @param seed equal seeds give equal replies
 */
public record Sampling(double temperature, int topK, double topP, double repetitionPenalty, long seed) {

    /** Always the most probable token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 1, 0);
}
