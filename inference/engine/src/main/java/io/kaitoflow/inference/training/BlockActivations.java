package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What a block's forward pass keeps for its backward pass, and its output.
 *
 * @param input the block's input, float32 (B, T, D); not owned
 * @param output the block's output, float32 (B, T, D); the next block's input
 * @param saved intermediate results in the order in which the backward pass takes them
 */
public record BlockActivations(NDArray input, NDArray output, List<NDArray> saved) implements AutoCloseable {
    public BlockActivations {
        saved = List.copyOf(saved);
    }

    /** Frees everything but the input and the output. */
    @Override
    public void close() {
        saved.forEach(NDArray::close);
    }
}
