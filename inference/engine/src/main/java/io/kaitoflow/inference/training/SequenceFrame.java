package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.model.ModelConfiguration;

/**
 * What blocks of one kind share for a batch: rotation tables and the additive mask.
 *
 * @param cosines float32 (B or 1, T, 1, S)
 * @param sines float32 (B or 1, T, 1, S)
 * @param mask float32 (B or 1, 1, T, T): 0 where row may see column, else minus infinity
 */
public record SequenceFrame(NDArray cosines, NDArray sines, NDArray mask) {
    /** The frame of one sequence in which a token sees all before it, for the first layer's kind of attention. */
    public static SequenceFrame causal(NDManager owner, ModelConfiguration model, int positions) {
        return BatchFrame.causal(owner, model, positions).layer(0);
    }
}
