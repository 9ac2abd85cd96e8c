package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The frozen weights of one block while it runs. Matrices are in the compute type, (outputs, inputs), contiguous; their rows
 * are fused as {@link Projection} says, so a caller that dequantises writes q, k and v one after
 * the other into one tensor. Vectors are float32.
 *
 * <p>Only read; they may be overwritten with the next block's as soon as a call returns.
 *
 * @param qkv (H S + 2 K S, D)
 * @param attentionOutput (D, H S)
 * @param gateUp (2 I, D)
 * @param down (D, I)
 * @param vectors those of the model's {@link Architecture}, as they are multiplied or added
 */
public record BlockWeights(
        NDArray qkv, NDArray attentionOutput, NDArray gateUp, NDArray down, Map<BlockVector, NDArray> vectors) {
    public BlockWeights {
        vectors = new EnumMap<>(vectors);
    }

    /** The norm before attention, (D). */
    public NDArray attentionNorm() {
        return vector(BlockVector.ATTENTION_NORM);
    }

    /** The norm before the feed-forward, (D). */
    public NDArray feedForwardNorm() {
        return vector(BlockVector.FEED_FORWARD_NORM);
    }

    /** A vector that the model's architecture has. */
    public NDArray vector(BlockVector which) {
        NDArray vector = vectors.get(which);
        if (vector == null) {
            throw new IllegalStateException("The blocks of this model have no " + which.label());
        }
        return vector;
    }

    /** All in the order of a program's parameters: four matrices, then the vectors. */
    public List<NDArray> arguments() {
        return Stream.concat(Stream.of(qkv, attentionOutput, gateUp, down), vectors.values().stream())
                .toList();
    }
}
