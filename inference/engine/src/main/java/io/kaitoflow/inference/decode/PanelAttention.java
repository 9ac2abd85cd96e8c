package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.kernel.VectorMath;
import io.kaitoflow.inference.decode.machine.InputForm;
import io.kaitoflow.inference.decode.machine.PanelPages;
import io.kaitoflow.inference.decode.machine.PanelPages.Place;
import io.kaitoflow.inference.decode.machine.PanelPages.Run;
import io.kaitoflow.inference.decode.machine.Rounding;
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
    private final Rounding rounding = Rounding.to(InputForm.BFLOAT16);

    /**
     * Rows {@code first} to {@code first + count - 1} of a step, of one sequence and in one page.
     *
     * @param firstPage of the sequence that any of them can see
     * @param pages that they see, from that one on
     * @param tokens of those pages
     */
    private record Group(int first, int count, int firstPage, List<Run> pages, int tokens) {}

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
        int slot = row.position() % PageMemory.TOKENS;
        var rounded = new short[2 * shape.keyValueWidth()];
        rounding.put(qkv.values(), at + shape.queryWidth(), rounded.length, MemorySegment.ofArray(rounded), 0);
        for (int head = 0; head < shape.keyValueHeads(); head++) {
            int keyAt = head * shape.headSize();
            pages.write(Place.of(layer, head, page), slot, rounded, keyAt, keyAt + shape.keyValueWidth());
        }
    }

    @Override
    public void attend(Crew crew, List<StepRow> rows, int layer, Activations qkv, Activations out) {
        Weighing weighing = weighings.get(layer);
        List<Group> groups = groups(rows, weighing);
        int heads = shape.heads() / shape.keyValueHeads();
        crew.run(groups.size() * shape.keyValueHeads(), (piece, scratch) -> {
            Group group = groups.get(piece / shape.keyValueHeads());
            var some = new Queries(rows, group, layer, weighing, piece % shape.keyValueHeads(), heads);
            for (int first = 0; first < group.count() * heads; first += TOGETHER) {
                int count = Math.min(TOGETHER, group.count() * heads - first);
                attend(some, first, count, qkv, out, benches.get(scratch.worker()));
            }
        });
    }

    private static List<Group> groups(List<StepRow> rows, Weighing weighing) {
        List<Group> groups = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= rows.size(); i++) {
            if (i == rows.size() || !sharePage(rows.get(i), rows.get(first))) {
                int lastPage = rows.get(first).position() / PageMemory.TOKENS;
                int firstPage = weighing.firstPage(lastPage);
                List<Run> pages = runs(rows.get(first).sequence(), firstPage, lastPage);
                int tokens = (lastPage + 1 - firstPage) * PageMemory.TOKENS;
                groups.add(new Group(first, i - first, firstPage, pages, tokens));
                first = i;
            }
        }
        return groups;
    }

    /** The pages of a sequence from one to another, as few runs as there are. */
    private static List<Run> runs(Sequence sequence, int firstPage, int lastPage) {
        List<Run> runs = new ArrayList<>();
        int first = sequence.page(firstPage * PageMemory.TOKENS);
        int count = 1;
        for (int i = firstPage + 1; i <= lastPage; i++) {
            int page = sequence.page(i * PageMemory.TOKENS);
            if (page != first + count) {
                runs.add(new Run(first, count));
                first = page;
                count = 0;
            }
            count++;
        }
        runs.add(new Run(first, count));
        return runs;
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

        Place place(Run pages) {
            return new Place(layer, keyHead, pages);
        }
    }

    private void attend(Queries some, int first, int count, Activations qkv, Activations out, Bench bench) {
        int size = shape.headSize();
        int stride = some.group().tokens();
        roundQueries(some, first, count, qkv, bench);
        int at = 0;
        for (Run run : some.group().pages()) {
            pages.scores(some.place(run), bench.queries, count, bench.scores, at, stride);
            at += run.count() * PageMemory.TOKENS;
        }
        weigh(some, first, count, stride, bench);
        Arrays.fill(bench.exact, 0, count * size, 0);
        at = 0;
        for (Run run : some.group().pages()) {
            pages.addValues(some.place(run), bench.weights, at, stride, count, bench.exact);
            at += run.count() * PageMemory.TOKENS;
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
        rounding.put(bench.exact, 0, count * size, MemorySegment.ofArray(bench.queries), 0);
    }

    private void weigh(Queries some, int first, int count, int stride, Bench bench) {
        for (int i = 0; i < count; i++) {
            some.weighing().weigh(bench.scores, i * stride, some.group().firstPage(), some.position(first + i), stride);
        }
        rounding.put(bench.scores, 0, count * stride, MemorySegment.ofArray(bench.weights), 0);
    }

    @Override
    public void close() {
        pages.close();
    }
}
