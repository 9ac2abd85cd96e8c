package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;

/**
 * Gradients of the loss.
 *
 * @param input with respect to the block's input, float32 (B, T, D)
 * @param lora with respect to the block's flat adapter vector, float32 ({@link LoraLayout#size()})
 */
public record BlockGradients(NDArray input, NDArray lora) {}
