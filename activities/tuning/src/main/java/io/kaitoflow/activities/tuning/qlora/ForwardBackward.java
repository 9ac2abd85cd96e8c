package io.kaitoflow.activities.tuning.qlora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.batches.MicroBatch;
import io.kaitoflow.inference.tensor.ComputeDevice;
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
import java.util.List;
import java.util.Optional;

/** The answer loss of a micro-batch under an adapter, and its gradients. Used by one thread at a time. */
public final class ForwardBackward implements AutoCloseable {

    private final FrozenModel model;
    private final double dropout;
    private final TrainingBlock block;
    private final HeadLoss head;
    private final Optional<DropoutScript> dropoutScript;

    /**
     * @param model not owned
     * @param dropout probability of an adapter's input to be dropped
     */
    public ForwardBackward(FrozenModel model, LoraLayout layout, double dropout) {
        this.model = model;
        this.dropout = dropout;
        this.block = new TrainingBlock(model.configuration(), layout, model.computeType(), LoraDropout.kept(dropout));
        this.head = new HeadLoss(model.configuration(), model.computeType());
        this.dropoutScript = model.device() == ComputeDevice.CPU ? Optional.empty() : Optional.of(new DropoutScript());
    }

    /** The mean of -ln p over the scored tokens; only where nothing is dropped. */
    double loss(Adapter adapter, MicroBatch batch) {
        if (dropout != 0) {
            throw new IllegalStateException("A loss is measured without dropout");
        }
        try (GradMode off = GradMode.off();
                NDManager owner = TorchEngine.newOwner(model.device())) {
            Pass pass = new Pass(owner, adapter, batch, LoraDropout.none());
            NDArray hidden = embedded(owner, batch);
            for (int layer = 0; layer < adapter.blocks(); layer++) {
                try (NDArray input = hidden;
                        BlockActivations made = pass.forward(layer, input)) {
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
     * @param drops which inputs are dropped
     * @param gradients laid out as the adapter
     */
    double lossAndGradients(Adapter adapter, MicroBatch batch, double share, LoraDropout drops, Adapter gradients) {
        try (GradMode off = GradMode.off();
                NDManager owner = TorchEngine.newOwner(model.device())) {
            Pass pass = new Pass(owner, adapter, batch, drops);
            Deque<BlockActivations> saved = forward(pass, embedded(owner, batch));
            HeadLoss.Result result =
                    head.lossAndGradient(owner, saved.getLast().output(), model.head(), batch.targets());
            NDArray gradient = result.hidden();
            if (share != 1) {
                gradient.muli(share);
            }
            for (int layer = adapter.blocks() - 1; layer >= 0; layer--) {
                try (NDArray output = gradient;
                        BlockActivations made = saved.removeLast()) {
                    BlockGradients found = pass.backward(layer, made, output);
                    made.output().close();
                    gradients.block(layer).addi(found.lora());
                    found.lora().close();
                    gradient = found.input();
                }
            }
            return result.loss();
        }
    }

    private static Deque<BlockActivations> forward(Pass pass, NDArray embedded) {
        Deque<BlockActivations> saved = new ArrayDeque<>();
        NDArray hidden = embedded;
        for (int layer = 0; layer < pass.adapter.blocks(); layer++) {
            BlockActivations made = pass.forward(layer, hidden);
            saved.addLast(made);
            hidden = made.output();
        }
        return saved;
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
        dropoutScript.ifPresent(DropoutScript::close);
    }

    /** One micro-batch on its way through the blocks. */
    private final class Pass {
        private final NDManager owner;
        private final Adapter adapter;
        private final BatchFrame frame;
        private final LoraDropout drops;
        private final int tokens;

        Pass(NDManager owner, Adapter adapter, MicroBatch batch, LoraDropout drops) {
            this.owner = owner;
            this.adapter = adapter;
            this.drops = drops;
            this.tokens = batch.count() * batch.width();
            this.frame = BatchFrame.of(owner, model.configuration(), batch.width(), batch.samples());
        }

        BlockActivations forward(int layer, NDArray input) {
            try (NDManager scope = owner.newSubManager()) {
                return block.forward(owner, input, context(scope, layer));
            }
        }

        BlockGradients backward(int layer, BlockActivations made, NDArray output) {
            try (NDManager scope = owner.newSubManager()) {
                return block.backward(owner, made, output, context(scope, layer));
            }
        }

        private BlockContext context(NDManager scope, int layer) {
            return new BlockContext(model.block(layer), adapter.block(layer), frame.layer(layer), seen(scope, layer));
        }

        private List<NDArray> seen(NDManager scope, int layer) {
            return dropoutScript.isPresent()
                    ? dropoutScript.get().seen(scope, drops, adapter.layout(), layer, tokens)
                    : drops.seen(scope, adapter.layout(), layer, tokens);
        }
    }
}
