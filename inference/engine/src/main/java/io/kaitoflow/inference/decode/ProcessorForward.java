package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.Products;
import io.kaitoflow.inference.decode.kernel.VectorMath;
import io.kaitoflow.inference.decode.machine.RoundedInputs;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Computes steps on the processor. What comes out for a token depends on its sequence alone, bit for bit, and not on what else
 * is in the step. Used by one thread; it brings the others itself.
 */
final class ProcessorForward implements Forward {
    /** Prompt tokens that replies wait for without being slowed down much. */
    private static final int CHUNK_BESIDE_REPLIES = 64;

    private final DecodeModel model;
    private final ModelConfiguration shape;
    private final Attention attention;
    private final Crew crew;
    private final boolean rounded;
    private final List<Rotation> rotations;
    private final Activations hidden;
    private final Activations normed;
    private final Activations qkv;
    private final Activations attended;
    private final Activations change;
    private final Activations gateUp;
    private final Activations gated;
    private final Activations logits;
    private final RoundedInputs inputs;
    private CompletableFuture<Optional<BulkProducts>> bulk = CompletableFuture.completedFuture(Optional.empty());
    private boolean bulkAsked;

    /**
     * The greatest that is asked for.
     *
     * @param threads that compute
     * @param rows tokens in a step
     * @param wanted tokens of a step whose logits are wanted
     * @param positions length of a sequence
     * @param rounded whether large products may be computed by PyTorch in bfloat16
     */
    record Limits(int threads, int rows, int wanted, int positions, boolean rounded) {}

    /**
     * Takes the memory of the largest step.
     *
     * @param attention keys and values, which it owns from now on
     */
    ProcessorForward(DecodeModel model, Attention attention, Limits limits) {
        this.model = model;
        this.shape = model.configuration();
        this.attention = attention;
        this.crew = new Crew(limits.threads());
        this.rounded = limits.rounded();
        this.rotations = Rotation.of(shape, limits.positions());
        this.hidden = Activations.of(limits.rows(), shape.hiddenSize());
        this.normed = Activations.of(limits.rows(), shape.hiddenSize());
        this.qkv = Activations.of(limits.rows(), shape.outputs(Projection.QKV));
        this.attended = Activations.of(limits.rows(), shape.queryWidth());
        this.change = Activations.of(limits.rows(), shape.hiddenSize());
        this.gateUp = Activations.of(limits.rows(), shape.outputs(Projection.GATE_UP));
        this.gated = Activations.of(limits.rows(), shape.intermediateSize());
        this.logits = Activations.of(limits.wanted(), shape.vocabularySize());
        this.inputs = new RoundedInputs(
                limits.rows(), Math.max(shape.hiddenSize(), Math.max(shape.queryWidth(), shape.intermediateSize())));
    }

    /** They are read where they are. */
    @Override
    public void bring(Adapter adapter) {}

    @Override
    public boolean works() {
        return true;
    }

    @Override
    public int chunkBesideReplies() {
        return CHUNK_BESIDE_REPLIES;
    }

    @Override
    public Activations step(List<StepRow> rows) {
        embed(rows);
        for (StepRow row : rows) {
            row.sequence().append(row.token());
        }
        crew.runRows(rows.size(), (i, _) -> beforeAttention(i, 0));
        for (int layer = 0; layer < shape.layers(); layer++) {
            attention(rows, layer);
            feedForward(rows, layer);
        }
        return head(rows);
    }

    private void embed(List<StepRow> rows) {
        float scale = (float) shape.traits().embeddingScale();
        for (int i = 0; i < rows.size(); i++) {
            Products.unpack(model.embedding(), rows.get(i).token(), hidden, i);
            if (scale != 1) {
                VectorMath.scale(scale, hidden.values(), hidden.at(i), hidden.width());
            }
        }
    }

    /** Nothing after the last layer. */
    private void beforeAttention(int row, int layer) {
        if (layer < shape.layers()) {
            DecodeBlock block = model.blocks().get(layer);
            norm(row, block.attentionNorm(), block.qkv());
        }
    }

    private void attention(List<StepRow> rows, int layer) {
        DecodeBlock block = model.blocks().get(layer);
        int count = rows.size();
        multiply(block.qkv(), normed, count, qkv);
        adapt(rows, layer, Projection.QKV, normed, qkv);
        crew.runRows(count, (i, _) -> remember(rows.get(i), layer, i));
        attention.attend(crew, rows, layer, qkv, attended);
        crew.runRows(count, (i, _) -> block.attentionOutput().prepare(attended, i, inputs));
        multiply(block.attentionOutput(), attended, count, change);
        adapt(rows, layer, Projection.ATTENTION_OUTPUT, attended, change);
        crew.runRows(count, (i, _) -> {
            addChange(i, block.vector(BlockVector.ATTENTION_OUTPUT_NORM));
            norm(i, block.feedForwardNorm(), block.gateUp());
        });
    }

    private void feedForward(List<StepRow> rows, int layer) {
        DecodeBlock block = model.blocks().get(layer);
        int count = rows.size();
        multiply(block.gateUp(), normed, count, gateUp);
        adapt(rows, layer, Projection.GATE_UP, normed, gateUp);
        crew.runRows(count, (i, _) -> {
            gate(i);
            block.down().prepare(gated, i, inputs);
        });
        multiply(block.down(), gated, count, change);
        adapt(rows, layer, Projection.DOWN, gated, change);
        crew.runRows(count, (i, _) -> {
            addChange(i, block.vector(BlockVector.FEED_FORWARD_OUTPUT_NORM));
            beforeAttention(i, layer + 1);
        });
    }

    private void gate(int row) {
        switch (shape.traits().activation()) {
            case SILU -> VectorMath.siluGate(gateUp, row, gated);
            case GELU_TANH -> VectorMath.geluGate(gateUp, row, gated);
        }
    }

    private void norm(int row, float[] weights, Linear next) {
        VectorMath.rms(hidden, row, weights, shape.normEpsilon(), normed);
        next.prepare(normed, row, inputs);
    }

    private void multiply(Linear matrices, Activations x, int count, Activations y) {
        Optional<BulkProducts> products =
                matrices instanceof StoredLinear && count >= BulkProducts.WORTHWHILE && rounded
                        ? bulkProducts()
                        : Optional.empty();
        if (products.isPresent() && matrices instanceof StoredLinear stored) {
            products.get().multiply(crew, stored, x, count, y);
        } else {
            matrices.multiply(crew, new Linear.Input(x, inputs), count, y);
        }
    }

    /** Started with the first long prompt, which does without them, so that no start waits for PyTorch. */
    private Optional<BulkProducts> bulkProducts() {
        if (!bulkAsked) {
            bulkAsked = true;
            bulk = CompletableFuture.supplyAsync(() -> Optional.of(new BulkProducts()));
        }
        return bulk.isCompletedExceptionally() ? Optional.empty() : bulk.getNow(Optional.empty());
    }

    private void addChange(int row, Optional<float[]> norm) {
        norm.ifPresent(weights -> VectorMath.rms(change, row, weights, shape.normEpsilon(), change));
        VectorMath.addScaled(1, change.values(), change.at(row), hidden.values(), hidden.at(row), hidden.width());
    }

    private void adapt(List<StepRow> rows, int layer, Projection projection, Activations x, Activations y) {
        if (rows.stream().anyMatch(row -> row.adapter() != null)) {
            crew.runRows(rows.size(), (i, _) -> {
                Adapter adapter = rows.get(i).adapter();
                if (adapter != null) {
                    adapter.add(layer, projection, x, y, i);
                }
            });
        }
    }

    /** Completes a row's heads, turns them, and puts its keys and values away. */
    private void remember(StepRow row, int layer, int i) {
        DecodeBlock block = model.blocks().get(layer);
        int at = qkv.at(i);
        block.vector(BlockVector.QKV_BIAS)
                .ifPresent(bias -> VectorMath.addScaled(1, bias, 0, qkv.values(), at, bias.length));
        block.vector(BlockVector.HEAD_NORM)
                .ifPresent(weights ->
                        VectorMath.rmsOfEach(shape.headSize(), qkv.values(), at, weights, shape.normEpsilon()));
        int turned = shape.heads() + shape.keyValueHeads();
        rotations
                .get(layer)
                .turn(qkv, at, turned, row.position(), row.sequence().reach());
        attention.remember(row, layer, qkv, at);
    }

    private Activations head(List<StepRow> rows) {
        int wanted = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).wanted()) {
                VectorMath.rms(hidden, i, model.finalNorm(), shape.normEpsilon(), normed);
                System.arraycopy(normed.values(), normed.at(i), change.values(), change.at(wanted), normed.width());
                model.head().prepare(change, wanted, inputs);
                wanted++;
            }
        }
        int count = wanted;
        if (count > 0) {
            model.head().multiply(crew, new Linear.Input(change, inputs), count, logits);
            shape.traits().logitCap().ifPresent(cap -> crew.runRows(count, (i, _) -> capLogits(i, (float) cap)));
        }
        return logits;
    }

    private void capLogits(int row, float cap) {
        VectorMath.cap(logits.values(), logits.at(row), logits.width(), cap);
    }

    @Override
    public void close() {
        crew.close();
        attention.close();
        inputs.close();
        bulk.thenAccept(products -> products.ifPresent(BulkProducts::close))
                .exceptionally(_ -> null)
                .join();
    }
}
