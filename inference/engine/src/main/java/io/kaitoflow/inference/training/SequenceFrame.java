package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.Tensors;

/**
 * What all blocks share for sequences of one length: rotation tables and the additive mask. Reusable over steps.
 *
 * <p>Rows that are padded on the right need no mask of their own: a token sees only those before it, so no real token sees
 * padding, and padding that is not scored gets no gradient and gives none.
 *
 * @param cosines float32 (T, S)
 * @param sines float32 (T, S)
 * @param mask float32 (1, 1, T, T): 0 where row may see column, else minus infinity
 */
public record SequenceFrame(NDArray cosines, NDArray sines, NDArray mask) {
    /** The frame of causal attention from position 0. */
    public static SequenceFrame causal(NDManager owner, ModelConfiguration model, int positions) {
        var mask = new float[positions * positions];
        for (int row = 0; row < positions; row++) {
            for (int column = row + 1; column < positions; column++) {
                mask[row * positions + column] = Float.NEGATIVE_INFINITY;
            }
        }
        return new SequenceFrame(
                model.rotary().cosines(owner, positions),
                model.rotary().sines(owner, positions),
                Tensors.of(owner, mask, new Shape(1, 1, positions, positions)));
    }
}
