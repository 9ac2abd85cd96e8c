package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;

/**
 * The frozen weights of one block while it runs. Matrices are in the compute type, (outputs, inputs), contiguous; their rows
 * are fused as {@link Projection} says, so a caller that dequantises writes q, k and v one after
 * the other into one tensor. Norms are float32.
 *
 * <p>Only read; they may be overwritten with the next block's as soon as a call returns.
 *
 * @param attentionNorm (D)
 * @param qkv (H S + 2 K S, D)
 * @param attentionOutput (D, H S)
 * @param feedForwardNorm (D)
 * @param gateUp (2 I, D)
 * @param down (D, I)
 */
public record BlockWeights(
        NDArray attentionNorm,
        NDArray qkv,
        NDArray attentionOutput,
        NDArray feedForwardNorm,
        NDArray gateUp,
        NDArray down) {}
