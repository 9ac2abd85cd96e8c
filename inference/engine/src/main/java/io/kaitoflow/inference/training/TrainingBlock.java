package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchScriptModule;
import java.util.stream.Stream;

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

    /** Without dropout. */
    public TrainingBlock(ModelConfiguration model, LoraLayout lora, ComputeType type) {
        this(model, lora, type, 0);
    }

    /** @param dropout share of each adapter's input that it does not see; which share, the context says */
    public TrainingBlock(ModelConfiguration model, LoraLayout lora, ComputeType type, double dropout) {
        program = new TorchScriptModule(BlockProgram.of(model, lora, type, dropout));
    }

    /**
     * Runs a block.
     *
     * @param owner owner of all results
     * @param input float32 (B, T, D)
     */
    public BlockActivations forward(NDManager owner, NDArray input, BlockContext context) {
        NDArray[] arguments =
                Stream.concat(Stream.of(input), context.arguments()).toArray(NDArray[]::new);
        NDList made = program.callForList(owner, "forward_block", arguments);
        return new BlockActivations(input, made.get(0), made.subList(1, made.size()));
    }

    /**
     * Gradients of a block from the gradient of its output; with the same context as in its forward pass.
     *
     * @param owner owner of the results
     * @param output gradient of the loss with respect to the block's output, float32 (B, T, D)
     */
    public BlockGradients backward(NDManager owner, BlockActivations saved, NDArray output, BlockContext context) {
        NDArray[] arguments = Stream.of(
                        Stream.of(saved.input()), saved.saved().stream(), Stream.of(output), context.arguments())
                .flatMap(each -> each)
                .toArray(NDArray[]::new);
        NDList made = program.callForList(owner, "backward_block", arguments);
        return new BlockGradients(made.get(0), made.get(1));
    }

    @Override
    public void close() {
        program.close();
    }
}
