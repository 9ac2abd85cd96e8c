package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchScriptModule;
import java.util.List;

/**
 * What all decoders of a model share; closing it closes the program, the tensors are their owner's.
 *
 * @param device where the weights lie
 * @param weights with matrices packed for the program's products
 */
record DecoderParts(
        ModelConfiguration configuration,
        ComputeDevice device,
        ComputeType type,
        ModelWeights weights,
        TorchScriptModule program)
        implements AutoCloseable {
    static DecoderParts load(NDManager owner, Checkpoint checkpoint, ComputeDevice device, ComputeType type) {
        ModelConfiguration model = checkpoint.configuration();
        var program = new TorchScriptModule(DecoderProgram.of(model, type, MatrixProduct.fastest(device, type)));
        try {
            ModelWeights weights = packed(owner, ModelWeights.load(owner, checkpoint, type), program);
            return new DecoderParts(model, device, type, weights, program);
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    private static ModelWeights packed(NDManager owner, ModelWeights weights, TorchScriptModule program) {
        List<BlockWeights> blocks = weights.blocks().stream()
                .map(block -> new BlockWeights(
                        packed(owner, block.qkv(), program),
                        packed(owner, block.attentionOutput(), program),
                        packed(owner, block.gateUp(), program),
                        packed(owner, block.down(), program),
                        block.vectors()))
                .toList();
        // A tied head is packed beside the embedding, which must stay as it is to be looked up in.
        NDArray head = weights.head() == weights.embedding()
                ? program.call(owner, "pack", weights.head())
                : packed(owner, weights.head(), program);
        return new ModelWeights(weights.embedding(), blocks, weights.finalNorm(), head);
    }

    /** The matrix in the order that the program multiplies by, in place of the former one. */
    private static NDArray packed(NDManager owner, NDArray matrix, TorchScriptModule program) {
        NDArray packed = program.call(owner, "pack", matrix);
        matrix.close();
        return packed;
    }

    @Override
    public void close() {
        program.close();
    }
}
