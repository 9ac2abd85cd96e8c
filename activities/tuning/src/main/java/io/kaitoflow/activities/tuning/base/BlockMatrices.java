package io.kaitoflow.activities.tuning.base;

import ai.djl.ndarray.NDArray;
import io.kaitoflow.inference.model.Projection;
import java.util.Map;

/** The frozen matrices of all blocks in some stored form, handed out one block at a time in the compute type. */
sealed interface BlockMatrices extends AutoCloseable permits ScriptQuantisedMatrices, DenseMatrices, QuantisedMatrices {

    /** The fused matrix of a block; valid until another block is asked for. */
    NDArray of(int layer, Projection projection);

    /** What was made for a projection; something is made for each. */
    static <T> T present(Map<Projection, T> made, Projection projection) {
        T value = made.get(projection);
        if (value == null) {
            throw new IllegalStateException("Every projection was filled when the model was loaded");
        }
        return value;
    }

    /** Bytes that the stored form takes. */
    long bytes();

    @Override
    void close();
}
