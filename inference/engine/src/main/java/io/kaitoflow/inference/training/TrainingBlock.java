package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.model.BlockWeights;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchScriptModule;

/**
 * The maths of a decoder block with trained adapters: forward, and a hand-written backward that needs no recording (run it
 * under {@link io.kaitoflow.inference.tensor.GradMode#off()}). One object serves all blocks of a model; it holds no state of a
 * step and may be called from several threads.
 *
 * <p>Axes: B rows, T positions, D hidden, H query heads, K key and value heads, G = H/K, S head size, I intermediate. The
 * residual stream and all gradients that leave a block are float32; matrices, attention inputs and feed-forward inputs have
 * the compute type; norms and softmax are computed in float32; adapters are float32 and rounded to the compute type in the
 * product.
 */
public final class TrainingBlock implements AutoCloseable {
    private final TorchScriptModule program;

    public TrainingBlock(ModelConfiguration model, LoraLayout lora, ComputeType type) {
        program = new TorchScriptModule(BlockProgram.of(model, lora, type));
    }

    /**
     * Runs a block.
     *
     * @param owner owner of all results
     * @param input float32 (B, T, D)
     * @param lora the block's flat adapter vector, float32 ({@link LoraLayout#size()}); may be a view
     */
    public BlockActivations forward(
            NDManager owner, NDArray input, BlockWeights weights, NDArray lora, SequenceFrame frame) {
        NDList made = program.callForList(
                owner,
                "forward_block",
                input,
                weights.attentionNorm(),
                weights.qkv(),
                weights.attentionOutput(),
                weights.feedForwardNorm(),
                weights.gateUp(),
                weights.down(),
                lora,
                frame.cosines(),
                frame.sines(),
                frame.mask());
        return new BlockActivations(
                input, made.get(0), made.get(1), made.get(2), made.get(3), made.get(4), made.get(5), made.get(6));
    }

    /**
     * Gradients of a block from the gradient of its output; same weights, adapters and frame as in its forward pass.
     *
     * @param owner owner of the results
     * @param output gradient of the loss with respect to the block's output, float32 (B, T, D)
     */
    public BlockGradients backward(
            NDManager owner,
            BlockActivations saved,
            NDArray output,
            BlockWeights weights,
            NDArray lora,
            SequenceFrame frame) {
        NDList made = program.callForList(
                owner,
                "backward_block",
                saved.input(),
                saved.queries(),
                saved.keys(),
                saved.values(),
                saved.attention(),
                saved.residual(),
                saved.gateUp(),
                output,
                weights.attentionNorm(),
                weights.qkv(),
                weights.attentionOutput(),
                weights.feedForwardNorm(),
                weights.gateUp(),
                weights.down(),
                lora,
                frame.cosines(),
                frame.sines(),
                frame.mask());
        return new BlockGradients(made.get(0), made.get(1));
    }

    @Override
    public void close() {
        program.close();
    }
}
