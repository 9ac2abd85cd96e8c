package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.model.BlockVector;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of one block.
 *
 * @param qkv rows of q, then k, then v
 * @param gateUp rows of gate, then up
 * @param vectors those of the model's architecture, as they are multiplied or added
 */
record DecodeBlock(Linear qkv, Linear attentionOutput, Linear gateUp, Linear down, Map<BlockVector, float[]> vectors) {
    DecodeBlock {
        vectors = new EnumMap<>(vectors);
    }

    /** The norm before attention, (D). */
    float[] attentionNorm() {
        return vector(BlockVector.ATTENTION_NORM).orElseThrow();
    }

    /** The norm before the feed-forward, (D). */
    float[] feedForwardNorm() {
        return vector(BlockVector.FEED_FORWARD_NORM).orElseThrow();
    }

    /** A vector that some architectures have. */
    Optional<float[]> vector(BlockVector which) {
        return Optional.ofNullable(vectors.get(which));
    }
}
