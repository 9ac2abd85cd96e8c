package io.kaitoflow.activities.tuning.qlora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.GradMode;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.inference.training.BatchFrame;
import io.kaitoflow.inference.training.BlockActivations;
import io.kaitoflow.inference.training.BlockContext;
import io.kaitoflow.inference.training.BlockGradients;
import io.kaitoflow.inference.training.HeadLoss;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.inference.training.TrainingBlock;
import java.util.ArrayDeque;
import java.util.Deque;

/** The answer loss of a micro-batch under an adapter, and its gradients. Used by one thread at a time. */
public final class ForwardBackward implements AutoCloseable {

    private final FrozenModel model;
    private final TrainingBlock block;
    private final HeadLoss head;

    /** @param model not owned */
    public ForwardBackward(FrozenModel model, LoraLayout layout) {
        this.model = model;
        this.block = new TrainingBlock(model.configuration(), layout, model.computeType());
        this.head = new HeadLoss(model.configuration(), model.computeType());
    }

    /** The mean of -ln p over the scored tokens. */
    double loss(Adapter adapter, MicroBatch batch) {
        try (GradMode off = GradMode.off();
                NDManager owner = TorchEngine.newOwner()) {
            BatchFrame frame = BatchFrame.of(owner, model.configuration(), batch.width(), batch.samples());
            NDArray hidden = embedded(owner, batch);
            for (int layer = 0; layer < adapter.blocks(); layer++) {
                try (NDArray input = hidden;
                        BlockActivations made = block.forward(owner, input, context(adapter, layer, frame))) {
                    hidden = made.output();
                }
            }
            return head.loss(hidden, model.head(), batch.targets());
        }
    }

    /**
     * The mean of -ln p over the scored tokens; adds its gradients, times {@code share}, to {@code gradients}.
     *
     * @param share of this micro-batch in the optimiser step
     * @param gradients laid out as the adapter
     */
    double lossAndGradients(Adapter adapter, MicroBatch batch, double share, Adapter gradients) {
        try (GradMode off = GradMode.off();
                NDManager owner = TorchEngine.newOwner()) {
            BatchFrame frame = BatchFrame.of(owner, model.configuration(), batch.width(), batch.samples());
            Deque<BlockActivations> saved = forward(owner, adapter, batch, frame);
            HeadLoss.Result result =
                    head.lossAndGradient(owner, saved.getLast().output(), model.head(), batch.targets());
            NDArray gradient = result.hidden();
            if (share != 1) {
                gradient.muli(share);
            }
            for (int layer = adapter.blocks() - 1; layer >= 0; layer--) {
                try (NDArray output = gradient;
                        BlockActivations made = saved.removeLast()) {
                    BlockGradients found = block.backward(owner, made, output, context(adapter, layer, frame));
                    made.output().close();
                    gradients.block(layer).addi(found.lora());
                    found.lora().close();
                    gradient = found.input();
                }
            }
            return result.loss();
        }
    }

    private Deque<BlockActivations> forward(NDManager owner, Adapter adapter, MicroBatch batch, BatchFrame frame) {
        Deque<BlockActivations> saved = new ArrayDeque<>();
        NDArray hidden = embedded(owner, batch);
        for (int layer = 0; layer < adapter.blocks(); layer++) {
            BlockActivations made = block.forward(owner, hidden, context(adapter, layer, frame));
            saved.addLast(made);
            hidden = made.output();
        }
        return saved;
    }

    private BlockContext context(Adapter adapter, int layer, BatchFrame frame) {
        return new BlockContext(model.block(layer), adapter.block(layer), frame.layer(layer));
    }

    private NDArray embedded(NDManager owner, MicroBatch batch) {
        try (NDArray ids = owner.create(batch.ids(), new Shape(batch.count(), batch.width()))) {
            return model.embed(owner, ids);
        }
    }

    @Override
    public void close() {
        block.close();
        head.close();
    }
}
