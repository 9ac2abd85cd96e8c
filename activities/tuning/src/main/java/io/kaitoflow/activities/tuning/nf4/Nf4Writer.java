package io.kaitoflow.activities.tuning.nf4;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Writes NF4 out where Java does not see the memory. */
public interface Nf4Writer extends AutoCloseable {

    /**
     * Writes a matrix out.
     *
     * @param stored as {@link Nf4Script#upload} gave it
     * @param target (rows, columns), contiguous
     */
    void dequantise(List<NDArray> stored, NDArray target);

    @Override
    void close();
}
