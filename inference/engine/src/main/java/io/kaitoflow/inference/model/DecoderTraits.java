package io.kaitoflow.inference.model;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * In which numbers a model differs from the plain decoder of Llama.
 *
 * @param activation of the feed-forward's gate
 * @param queryScale factor of each score, usually one by the root of the head size
 * @param embeddingScale factor of each embedding on its way in
 * @param attentionCap c, where each score s becomes c tanh(s / c)
 * @param logitCap c, where each logit z becomes c tanh(z / c)
 * @param layers what each layer's attention sees
 */
public record DecoderTraits(
        Activation activation,
        double queryScale,
        double embeddingScale,
        OptionalDouble attentionCap,
        OptionalDouble logitCap,
        List<Layer> layers) {

    public DecoderTraits {
        layers = List.copyOf(layers);
    }

    /** What the gate is bent by. */
    public enum Activation {
        SILU,
        /** GELU by its approximation with the hyperbolic tangent. */
        GELU_TANH
    }

    /**
     * What one layer's attention sees; layers with equal ones share tables and masks.
     *
     * @param window how many tokens a token sees, itself counted; all before it when absent
     * @param rotary how its queries and keys turn
     */
    public record Layer(OptionalInt window, RotaryEmbedding rotary) {}

    /** The plain decoder. */
    public static DecoderTraits plain(int layers, RotaryEmbedding rotary) {
        return new DecoderTraits(
                Activation.SILU,
                1 / Math.sqrt(rotary.headSize()),
                1,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Collections.nCopies(layers, new Layer(OptionalInt.empty(), rotary)));
    }
}
