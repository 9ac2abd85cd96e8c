package io.kaitoflow.inference.tensor;

import static org.junit.jupiter.api.Assumptions.abort;

/** For tests that need a GPU: where none is at hand they say what is missing and are skipped. */
public final class CudaAtHand {

    private CudaAtHand() {}

    public static void require() {
        try {
            TorchEngine.require(ComputeDevice.CUDA);
        } catch (TensorException e) {
            abort("Not tested on a GPU. " + e.getMessage());
        }
    }
}
