package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import java.util.List;

/** Computes steps: some tokens of some sequences through the whole model. Used by one thread. */
public interface Forward extends AutoCloseable {
    /**
     * Gets ready for rows with an adapter, which must be told before they come.
     *
     * @throws io.kaitoflow.inference.tensor.TensorException if it has no room for it
     */
    void bring(Adapter adapter);

    /** Appends the rows' tokens to their sequences. Logits of the wanted rows come in their order, and stay until the next step. */
    Activations step(List<StepRow> rows);

    /**
     * Whether it can compute anything, to be asked when something failed. A GPU that met an illegal address refuses all that
     * comes after it until its process ends.
     */
    boolean works();

    /** Prompt tokens of a step beside replies, which wait for it. */
    int chunkBesideReplies();

    @Override
    void close();
}
