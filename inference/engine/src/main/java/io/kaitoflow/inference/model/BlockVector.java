package io.kaitoflow.inference.model;

import java.util.List;
import java.util.Locale;

/** The vectors of a decoder block beside its matrices, in the order in which programs take them. */
public enum BlockVector {
    /** Norm before attention, (D). */
    ATTENTION_NORM,
    /** Norm before the feed-forward, (D). */
    FEED_FORWARD_NORM,
    /** Added to queries, keys and values, (H S + 2 K S). */
    QKV_BIAS,
    /** Norm of each query and key head before it turns, (H + K, S): the query's weights H times, the key's K times. */
    HEAD_NORM,
    /** Norm of what attention adds to the residual stream, (D). */
    ATTENTION_OUTPUT_NORM,
    /** Norm of what the feed-forward adds to the residual stream, (D). */
    FEED_FORWARD_OUTPUT_NORM;

    /**
     * A stored tensor that makes up a vector.
     *
     * @param name inside the block
     * @param length of the tensor
     * @param times how often it comes, one after the other
     */
    record Piece(String name, int length, int times) {}

    /** The public names of the tensors that make it up. */
    public List<String> tensors(ModelConfiguration model, int layer) {
        return pieces(model).stream()
                .map(piece -> "model.layers." + layer + "." + piece.name())
                .toList();
    }

    /** The lower-case name in programs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is the weight of a norm. */
    boolean isNorm() {
        return this != QKV_BIAS;
    }

    /** The stored tensors that make it up, in order. */
    List<Piece> pieces(ModelConfiguration model) {
        int hidden = model.hiddenSize();
        int size = model.headSize();
        boolean fourNorms = model.architecture().has(ATTENTION_OUTPUT_NORM);
        return switch (this) {
            case ATTENTION_NORM -> List.of(new Piece("input_layernorm.weight", hidden, 1));
            case FEED_FORWARD_NORM -> List.of(new Piece(feedForwardNorm(fourNorms) + ".weight", hidden, 1));
            case QKV_BIAS ->
                List.of(
                        new Piece("self_attn.q_proj.bias", model.queryWidth(), 1),
                        new Piece("self_attn.k_proj.bias", model.keyValueWidth(), 1),
                        new Piece("self_attn.v_proj.bias", model.keyValueWidth(), 1));
            case HEAD_NORM ->
                List.of(
                        new Piece("self_attn.q_norm.weight", size, model.heads()),
                        new Piece("self_attn.k_norm.weight", size, model.keyValueHeads()));
            case ATTENTION_OUTPUT_NORM -> List.of(new Piece("post_attention_layernorm.weight", hidden, 1));
            case FEED_FORWARD_OUTPUT_NORM -> List.of(new Piece("post_feedforward_layernorm.weight", hidden, 1));
        };
    }

    /** The same public name means two places: where there are four norms, the second follows attention. */
    private static String feedForwardNorm(boolean fourNorms) {
        return fourNorms ? "pre_feedforward_layernorm" : "post_attention_layernorm";
    }

    /** Its shape in programs. */
    public long[] shape(ModelConfiguration model) {
        if (this == HEAD_NORM) {
            return new long[] {model.heads() + model.keyValueHeads(), model.headSize()};
        }
        return new long[] {
            pieces(model).stream()
                    .mapToLong(piece -> (long) piece.length() * piece.times())
                    .sum()
        };
    }
}
