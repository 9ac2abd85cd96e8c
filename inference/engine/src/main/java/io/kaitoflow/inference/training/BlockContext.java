package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import io.kaitoflow.inference.model.BlockWeights;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a block computes with; the same in the forward and in the backward pass.
 *
 * @param weights frozen
 * @param lora the block's flat adapter vector, float32 ({@link LoraLayout#size()}); may be a view
 * @param frame of the batch, for this layer
 * @param kept with dropout one flat tensor of booleans: for each trained module in the order of the layout, which of its
 *     inputs (B T, inputs) its adapter sees; without dropout empty
 */
public record BlockContext(BlockWeights weights, NDArray lora, SequenceFrame frame, List<NDArray> kept) {
    public BlockContext {
        kept = List.copyOf(kept);
    }

    /** Without dropout. */
    public BlockContext(BlockWeights weights, NDArray lora, SequenceFrame frame) {
        this(weights, lora, frame, List.of());
    }

    /** In the order of a program's parameters. */
    Stream<NDArray> arguments() {
        return Stream.of(
                        weights.arguments().stream(),
                        Stream.of(lora, frame.cosines(), frame.sines(), frame.mask()),
                        kept.stream())
                .flatMap(arguments -> arguments);
    }
}
