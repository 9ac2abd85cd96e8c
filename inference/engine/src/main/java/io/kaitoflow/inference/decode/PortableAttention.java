package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.kernel.Products;
import io.kaitoflow.inference.model.ModelConfiguration;
import java.util.Arrays;
import java.util.List;

/** One query head of one row after the other. */
final class PortableAttention implements Attention {
    private final ModelConfiguration shape;
    private final PageMemory memory;
    private final List<Weighing> weighings;

    /** Owns the memory. */
    PortableAttention(ModelConfiguration shape, PageMemory memory) {
        this.shape = shape;
        this.memory = memory;
        this.weighings = Weighing.of(shape);
    }

    @Override
    public void remember(StepRow row, int layer, Activations qkv, int at) {
        int page = row.sequence().page(row.position());
        for (int head = 0; head < shape.keyValueHeads(); head++) {
            int keyAt = at + shape.queryWidth() + head * shape.headSize();
            memory.write(
                    memory.keys(layer, page, head),
                    row.position() % PageMemory.TOKENS,
                    qkv,
                    keyAt,
                    keyAt + shape.keyValueWidth());
        }
    }

    @Override
    public void attend(Crew crew, List<StepRow> rows, int layer, Activations qkv, Activations out) {
        crew.run(rows.size() * shape.heads(), (piece, scratch) -> {
            int i = piece / shape.heads();
            int offset = piece % shape.heads() * shape.headSize();
            StepRow row = rows.get(i);
            float[] weights = weights(row, layer, offset, qkv, qkv.at(i), scratch);
            int outAt = out.at(i) + offset;
            Arrays.fill(out.values(), outAt, outAt + shape.headSize(), 0);
            int origin = origin(row, layer);
            for (int from = origin; from <= row.position(); from += PageMemory.TOKENS) {
                int count = Math.min(PageMemory.TOKENS, row.position() + 1 - from);
                memory.addValues(keys(row, layer, offset, from), weights, from - origin, count, out.values(), outAt);
            }
        });
    }

    /** The first position of the first page that a row sees something of. */
    private int origin(StepRow row, int layer) {
        return weighings.get(layer).firstPage(row.position() / PageMemory.TOKENS) * PageMemory.TOKENS;
    }

    private float[] weights(StepRow row, int layer, int offset, Activations qkv, int at, Products.Scratch scratch) {
        Weighing weighing = weighings.get(layer);
        int origin = origin(row, layer);
        int padded = PageBudget.pagesFor(row.position() + 1) * PageMemory.TOKENS - origin;
        float[] weights = scratch.scores(padded);
        for (int from = origin; from <= row.position(); from += PageMemory.TOKENS) {
            long keys = keys(row, layer, offset, from);
            memory.scores(keys, qkv.values(), at + offset, weighing.scale(), weights, from - origin);
        }
        weighing.weigh(weights, 0, origin / PageMemory.TOKENS, row.position(), padded);
        return weights;
    }

    private long keys(StepRow row, int layer, int offset, int position) {
        int head = offset / shape.headSize() / (shape.heads() / shape.keyValueHeads());
        return memory.keys(layer, row.sequence().page(position), head);
    }

    @Override
    public void close() {
        memory.close();
    }
}
