package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.Bfloat16;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.kernel.VectorMath;
import io.kaitoflow.inference.decode.machine.PanelPages;
import io.kaitoflow.inference.model.ModelConfiguration;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All queries that see the same pages at once: the heads that share a key head, of the rows of a sequence whose positions lie in
 * one page. Queries and weights are rounded to bfloat16.
 */
final class PanelAttention implements Attention {
    /** Queries of one product. */
    private static final int TOGETHER = 8;

    private final ModelConfiguration shape;
    private final PanelPages pages;
    private final List<Weighing> weighings;
    private final List<Bench> benches;

    /** Rows {@code first} to {@code first + count - 1} of a step, of one sequence and in one page. */
    private record Group(int first, int count) {}

    /** Where a thread works. */
    private final class Bench {
        private final float[] exact = new float[TOGETHER * shape.headSize()];
        private final short[] queries = new short[TOGETHER * shape.headSize()];
        private final float[] scores;
        private final short[] weights;

        Bench(int positions) {
            int padded = PageBudget.pagesFor(positions) * PageMemory.TOKENS;
            scores = new float[TOGETHER * padded];
            weights = new short[TOGETHER * padded];
        }
    }

    /** Owns the pages. */
    PanelAttention(ModelConfiguration shape, PanelPages pages, int threads, int positions) {
        this.shape = shape;
        this.pages = pages;
        this.weighings = Weighing.of(shape);
        this.benches =
                IntStream.range(0, threads).mapToObj(_ -> new Bench(positions)).toList();
    }

    @Override
    public void remember(StepRow row, int layer, Activations qkv, int at) {
        int page = row.sequence().page(row.position());
        for (int head = 0; head < shape.keyValueHeads(); head++) {
            int keyAt = at + shape.queryWidth() + head * shape.headSize();
            pages.write(
                    new PanelPages.Place(layer, page, head),
                    row.position() % PageMemory.TOKENS,
                    qkv,
                    keyAt,
                    keyAt + shape.keyValueWidth());
        }
    }

    @Override
    public void attend(Crew crew, List<StepRow> rows, int layer, Activations qkv, Activations out) {
        List<Group> groups = groups(rows);
        int heads = shape.heads() / shape.keyValueHeads();
        crew.run(groups.size() * shape.keyValueHeads(), (piece, scratch) -> {
            Group group = groups.get(piece / shape.keyValueHeads());
            var some = new Queries(rows, group, layer, weighings.get(layer), piece % shape.keyValueHeads(), heads);
            for (int first = 0; first < group.count() * heads; first += TOGETHER) {
                int count = Math.min(TOGETHER, group.count() * heads - first);
                attend(some, first, count, qkv, out, benches.get(scratch.worker()));
            }
        });
    }

    private static List<Group> groups(List<StepRow> rows) {
        List<Group> groups = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= rows.size(); i++) {
            if (i == rows.size() || !sharePage(rows.get(i), rows.get(first))) {
                groups.add(new Group(first, i - first));
                first = i;
            }
        }
        return groups;
    }

    private static boolean sharePage(StepRow row, StepRow other) {
        return row.sequence() == other.sequence()
                && row.position() / PageMemory.TOKENS == other.position() / PageMemory.TOKENS;
    }

    /** The queries of a group that look at one key head, numbered row by row and in a row head by head. */
    private record Queries(List<StepRow> rows, Group group, int layer, Weighing weighing, int keyHead, int heads) {
        int row(int query) {
            return group.first() + query / heads;
        }

        int head(int query) {
            return keyHead * heads + query % heads;
        }

        int position(int query) {
            return rows.get(row(query)).position();
        }

        /** The last page that any of them sees. */
        int lastPage() {
            return position(0) / PageMemory.TOKENS;
        }

        /** The first page that any of them can see. */
        int firstPage() {
            return weighing.firstPage(lastPage());
        }

        PanelPages.Place place(int page) {
            StepRow row = rows.get(group.first());
            return new PanelPages.Place(layer, row.sequence().page(page * PageMemory.TOKENS), keyHead);
        }
    }

    private void attend(Queries some, int first, int count, Activations qkv, Activations out, Bench bench) {
        int size = shape.headSize();
        int from = some.firstPage();
        int seen = some.lastPage() + 1 - from;
        int stride = seen * PageMemory.TOKENS;
        roundQueries(some, first, count, qkv, bench);
        for (int page = 0; page < seen; page++) {
            pages.scores(some.place(from + page), bench.queries, count, bench.scores, page * PageMemory.TOKENS, stride);
        }
        weigh(some, first, count, stride, bench);
        Arrays.fill(bench.exact, 0, count * size, 0);
        for (int page = 0; page < seen; page++) {
            pages.addValues(
                    some.place(from + page), bench.weights, page * PageMemory.TOKENS, stride, count, bench.exact);
        }
        for (int i = 0; i < count; i++) {
            int to = out.at(some.row(first + i)) + some.head(first + i) * size;
            System.arraycopy(bench.exact, i * size, out.values(), to, size);
        }
    }

    private void roundQueries(Queries some, int first, int count, Activations qkv, Bench bench) {
        int size = shape.headSize();
        float scale = some.weighing().scale();
        Arrays.fill(bench.exact, 0, count * size, 0);
        for (int i = 0; i < count; i++) {
            int from = qkv.at(some.row(first + i)) + some.head(first + i) * size;
            VectorMath.addScaled(scale, qkv.values(), from, bench.exact, i * size, size);
        }
        Bfloat16.store(bench.exact, 0, count * size, MemorySegment.ofArray(bench.queries), 0);
    }

    private static void weigh(Queries some, int first, int count, int stride, Bench bench) {
        for (int i = 0; i < count; i++) {
            some.weighing().weigh(bench.scores, i * stride, some.firstPage(), some.position(first + i), stride);
        }
        Bfloat16.store(bench.scores, 0, count * stride, MemorySegment.ofArray(bench.weights), 0);
    }

    @Override
    public void close() {
        pages.close();
    }
}
