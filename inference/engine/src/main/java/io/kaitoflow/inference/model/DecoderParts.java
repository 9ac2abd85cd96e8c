package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchScriptModule;

/**
 * What all decoders of a model share.
 *
 * @param cosines float32 (maximum positions, S)
 * @param sines float32 (maximum positions, S)
 */
record DecoderParts(
        ModelConfiguration configuration,
        ComputeType type,
        ModelWeights weights,
        NDArray cosines,
        NDArray sines,
        TorchScriptModule program) {}
