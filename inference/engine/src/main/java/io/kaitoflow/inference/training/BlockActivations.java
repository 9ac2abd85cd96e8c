package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What a block's forward pass keeps for its backward pass, and its output.
 *
 * @param input the block's input, float32 (B, T, D); not owned
 * @param output the block's output, float32 (B, T, D); the next block's input
 * @param queries after rotation, (B K, G T, S)
 * @param keys after rotation, (B K, T, S)
 * @param values (B K, T, S)
 * @param attention heads side by side, (B T, H S)
 * @param residual after attention, float32 (B T, D)
 * @param gateUp (B T, 2 I)
 */
public record BlockActivations(
        NDArray input,
        NDArray output,
        NDArray queries,
        NDArray keys,
        NDArray values,
        NDArray attention,
        NDArray residual,
        NDArray gateUp)
        implements AutoCloseable {
    /** Frees everything but the input and the output. */
    @Override
    public void close() {
        List.of(queries, keys, values, attention, residual, gateUp).forEach(NDArray::close);
    }
}
