package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.kernel.Products;
import io.kaitoflow.inference.decode.kernel.VectorMath;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Computes steps: some tokens of some sequences through the whole model. What comes out for a token depends on its sequence
 * alone, bit for bit, and not on what else is in the step. Used by one thread; it brings the others itself.
 */
public final class Forward implements AutoCloseable {
    private final DecodeModel model;
    private final ModelConfiguration shape;
    private final PageMemory memory;
    private final Crew crew;
    private final boolean rounded;
    private final Rotation rotation;
    private final Activations hidden;
    private final Activations normed;
    private final Activations qkv;
    private final Activations attended;
    private final Activations change;
    private final Activations gateUp;
    private final Activations gated;
    private final Activations logits;
    private CompletableFuture<Optional<BulkProducts>> bulk = CompletableFuture.completedFuture(Optional.empty());
    private boolean bulkAsked;

    /**
     * The greatest that is asked for.
     *
     * @param threads that compute
     * @param rows tokens in a step
     * @param wanted tokens of a step whose logits are wanted
     * @param positions length of a sequence
     * @param rounded whether large products may be computed in bfloat16
     */
    public record Limits(int threads, int rows, int wanted, int positions, boolean rounded) {}

    /**
     * Takes the memory of the largest step.
     *
     * @param memory keys and values, which stay the caller's
     */
    public Forward(DecodeModel model, PageMemory memory, Limits limits) {
        this.model = model;
        this.shape = model.configuration();
        this.memory = memory;
        this.crew = new Crew(limits.threads());
        this.rounded = limits.rounded();
        this.rotation = new Rotation(shape.rotary(), limits.positions());
        this.hidden = Activations.of(limits.rows(), shape.hiddenSize());
        this.normed = Activations.of(limits.rows(), shape.hiddenSize());
        this.qkv = Activations.of(limits.rows(), shape.outputs(Projection.QKV));
        this.attended = Activations.of(limits.rows(), shape.queryWidth());
        this.change = Activations.of(limits.rows(), shape.hiddenSize());
        this.gateUp = Activations.of(limits.rows(), shape.outputs(Projection.GATE_UP));
        this.gated = Activations.of(limits.rows(), shape.intermediateSize());
        this.logits = Activations.of(limits.wanted(), shape.vocabularySize());
    }

    /** Appends the rows' tokens to their sequences. Logits of the wanted rows come in their order, and stay until the next step. */
    public Activations step(List<StepRow> rows) {
        embed(rows);
        for (StepRow row : rows) {
            row.sequence().append(row.token());
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            attention(rows, layer);
            feedForward(rows, layer);
        }
        return head(rows);
    }

    private void embed(List<StepRow> rows) {
        for (int i = 0; i < rows.size(); i++) {
            Products.unpack(model.embedding(), rows.get(i).token(), hidden, i);
        }
    }

    private void attention(List<StepRow> rows, int layer) {
        DecodeBlock block = model.blocks().get(layer);
        int count = rows.size();
        crew.run(count, (i, _) -> VectorMath.rms(hidden, i, block.attentionNorm(), shape.normEpsilon(), normed));
        multiply(block.qkv(), normed, count, qkv);
        adapt(rows, layer, Projection.QKV, normed, qkv);
        crew.run(count, (i, _) -> remember(rows.get(i), layer, i));
        crew.run(count * shape.heads(), (piece, scratch) -> attend(rows, layer, piece, scratch));
        multiply(block.attentionOutput(), attended, count, change);
        adapt(rows, layer, Projection.ATTENTION_OUTPUT, attended, change);
        crew.run(count, (i, _) -> addChange(i));
    }

    private void feedForward(List<StepRow> rows, int layer) {
        DecodeBlock block = model.blocks().get(layer);
        int count = rows.size();
        crew.run(count, (i, _) -> VectorMath.rms(hidden, i, block.feedForwardNorm(), shape.normEpsilon(), normed));
        multiply(block.gateUp(), normed, count, gateUp);
        adapt(rows, layer, Projection.GATE_UP, normed, gateUp);
        crew.run(count, (i, _) -> VectorMath.gate(gateUp, i, gated));
        multiply(block.down(), gated, count, change);
        adapt(rows, layer, Projection.DOWN, gated, change);
        crew.run(count, (i, _) -> addChange(i));
    }

    private void multiply(Fused matrices, Activations x, int count, Activations y) {
        Optional<BulkProducts> products =
                count < BulkProducts.WORTHWHILE || !rounded ? Optional.empty() : bulkProducts();
        products.ifPresentOrElse(
                bulky -> bulky.multiply(crew, matrices, x, count, y), () -> matrices.multiply(crew, x, count, y));
    }

    /** Started with the first long prompt, which does without them, so that no start waits for PyTorch. */
    private Optional<BulkProducts> bulkProducts() {
        if (!bulkAsked) {
            bulkAsked = true;
            bulk = CompletableFuture.supplyAsync(() -> Optional.of(new BulkProducts()));
        }
        return bulk.isCompletedExceptionally() ? Optional.empty() : bulk.getNow(Optional.empty());
    }

    private void addChange(int row) {
        VectorMath.addScaled(1, change.values(), change.at(row), hidden.values(), hidden.at(row), hidden.width());
    }

    private void adapt(List<StepRow> rows, int layer, Projection projection, Activations x, Activations y) {
        if (rows.stream().anyMatch(row -> row.adapter() != null)) {
            crew.run(rows.size(), (i, _) -> {
                Adapter adapter = rows.get(i).adapter();
                if (adapter != null) {
                    adapter.add(layer, projection, x, y, i);
                }
            });
        }
    }

    /** Turns a row's heads, and puts its keys and values away. */
    private void remember(StepRow row, int layer, int i) {
        int size = shape.headSize();
        rotation.turn(qkv, qkv.at(i), shape.heads() + shape.keyValueHeads(), row.position());
        int page = row.sequence().page(row.position());
        for (int head = 0; head < shape.keyValueHeads(); head++) {
            int keyAt = qkv.at(i) + shape.queryWidth() + head * size;
            memory.write(
                    memory.keys(layer, page, head),
                    row.position() % PageMemory.TOKENS,
                    qkv,
                    keyAt,
                    keyAt + shape.keyValueWidth());
        }
    }

    /** One query head of one row, over all tokens up to its own. */
    private void attend(List<StepRow> rows, int layer, int piece, Products.Scratch scratch) {
        int i = piece / shape.heads();
        int head = piece % shape.heads();
        StepRow row = rows.get(i);
        int tokens = row.position() + 1;
        float[] weights = scratch.scores(PageBudget.pagesFor(tokens) * PageMemory.TOKENS);
        int keyHead = head / (shape.heads() / shape.keyValueHeads());
        int queryAt = qkv.at(i) + head * shape.headSize();
        float scale = (float) (1 / Math.sqrt(shape.headSize()));
        for (int from = 0; from < tokens; from += PageMemory.TOKENS) {
            long keys = memory.keys(layer, row.sequence().page(from), keyHead);
            memory.scores(keys, qkv.values(), queryAt, scale, weights, from);
        }
        VectorMath.softmax(weights, tokens);
        int outAt = attended.at(i) + head * shape.headSize();
        Arrays.fill(attended.values(), outAt, outAt + shape.headSize(), 0);
        for (int from = 0; from < tokens; from += PageMemory.TOKENS) {
            long keys = memory.keys(layer, row.sequence().page(from), keyHead);
            int count = Math.min(PageMemory.TOKENS, tokens - from);
            memory.addValues(keys, weights, from, count, attended.values(), outAt);
        }
    }

    private Activations head(List<StepRow> rows) {
        int wanted = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).wanted()) {
                VectorMath.rms(hidden, i, model.finalNorm(), shape.normEpsilon(), normed);
                System.arraycopy(normed.values(), normed.at(i), change.values(), change.at(wanted), normed.width());
                wanted++;
            }
        }
        if (wanted > 0) {
            model.head().multiply(crew, change, wanted, logits);
        }
        return logits;
    }

    @Override
    public void close() {
        crew.close();
        bulk.thenAccept(products -> products.ifPresent(BulkProducts::close))
                .exceptionally(_ -> null)
                .join();
    }
}
