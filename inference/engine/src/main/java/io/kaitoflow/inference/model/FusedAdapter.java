package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * A low-rank adapter in the form that the forward pass multiplies by: one pair per fused matrix of each block, in the
 * compute type, with the scaling inside B. Its modules' A lie one above the other and their B on a block diagonal.
 *
 * @param blocks one per layer, each with all four {@link Projection}s
 */
public record FusedAdapter(List<Map<Projection, LowRank>> blocks) {
    public FusedAdapter {
        blocks = List.copyOf(blocks);
    }

    /**
     * One low-rank product; the output of the matrix gains {@code b(a(x))}.
     *
     * @param a (R, inputs)
     * @param b (outputs, R)
     */
    public record LowRank(NDArray a, NDArray b) {}
}
