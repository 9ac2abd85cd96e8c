package io.kaitoflow.activities.tuning.base;

import ai.djl.ndarray.NDArray;
import io.kaitoflow.inference.model.Projection;

/** The frozen matrices of all blocks in some stored form, handed out one block at a time in the compute type. */
sealed interface BlockMatrices extends AutoCloseable permits ScriptQuantisedMatrices, DenseMatrices, QuantisedMatrices {

    /** The fused matrix of a block; valid until another block is asked for. */
    NDArray of(int layer, Projection projection);

    /** Bytes that the stored form takes. */
    long bytes();

    @Override
    void close();
}
