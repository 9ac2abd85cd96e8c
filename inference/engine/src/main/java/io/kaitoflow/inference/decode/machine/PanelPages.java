package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.machine.PanelFunctions.Panels;
import io.kaitoflow.inference.decode.machine.PanelFunctions.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys and values in bfloat16, in pages of {@link PageMemory#TOKENS} tokens that lie as panels: the keys of a page are one panel
 * with a row for each token; values are panels with a row for each dimension, of which a page is one step. Of a head, pages lie
 * in the order of their numbers, so that those of neighbouring numbers are multiplied at once. All of it is taken when it is
 * made.
 */
public final class PanelPages implements AutoCloseable {
    private static final PanelForm FORM = PanelForm.BF16;
    private static final int TOKENS = PageMemory.TOKENS;
    /** Of two neighbouring columns and all rows of a panel. */
    private static final int PAIR_BYTES = 64;

    private final PageMemory.Shape shape;
    private final MemorySegment memory;
    private final PanelFunctions scores;
    private final PanelFunctions sums;

    /** Pages of neighbouring numbers. */
    public record Run(int first, int count) {}

    /** A key head of some pages of one layer. */
    public record Place(int layer, int head, Run pages) {
        /** Of one page. */
        public static Place of(int layer, int head, int page) {
            return new Place(layer, head, new Run(page, 1));
        }
    }

    public PanelPages(PageMemory.Shape shape) {
        InstructionSet instructions = InstructionSet.best().orElseThrow();
        this.shape = shape;
        this.scores = PanelFunctions.writing(instructions, FORM);
        this.sums = PanelFunctions.adding(instructions);
        this.memory = SystemMemory.allocate(PageMemory.bytes(shape, true));
    }

    /** Whether heads of this size can be kept so here. */
    public static boolean isPossible(int headSize) {
        return InstructionSet.best().isPresent() && headSize % PanelForm.ROWS == 0;
    }

    /** Of a head's keys, and of its values. */
    private long headBytes() {
        return shape.pages() * keysBytes();
    }

    /** Of a page. */
    private long keysBytes() {
        return (long) shape.headSize() * TOKENS * Short.BYTES;
    }

    private long head(Place place) {
        return ((long) place.layer() * shape.heads() + place.head()) * 2 * headBytes();
    }

    private long keys(Place place) {
        return head(place) + place.pages().first() * keysBytes();
    }

    /** Those of the first sixteen dimensions; the next ones are {@link #panelBytes} further. */
    private long values(Place place) {
        return head(place) + headBytes() + (long) place.pages().first() * FORM.stepBytes();
    }

    /** Of sixteen dimensions of all pages' values. */
    private long panelBytes() {
        return (long) shape.pages() * FORM.stepBytes();
    }

    /** Puts one token's key and value away, each as long as a head and in bfloat16. */
    public void write(Place place, int slot, short[] from, int keyAt, int valueAt) {
        long keys = keys(place) + slot * 4L;
        for (int pair = 0; pair < shape.headSize() / 2; pair++) {
            int both = from[keyAt + 2 * pair] & 0xffff | from[keyAt + 2 * pair + 1] << Short.SIZE;
            memory.set(ValueLayout.JAVA_INT_UNALIGNED, keys + (long) PAIR_BYTES * pair, both);
        }
        long values = values(place) + slot / 2 * PAIR_BYTES + slot % 2 * 2L;
        for (int panel = 0; panel < shape.headSize() / PanelForm.ROWS; panel++) {
            writeRows(from, valueAt + panel * PanelForm.ROWS, values + panel * panelBytes());
        }
    }

    private void writeRows(short[] from, int at, long place) {
        for (int row = 0; row < PanelForm.ROWS; row++) {
            memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, place + 4L * row, from[at + row]);
        }
    }

    /**
     * The products of some queries with the keys of pages, one for each of their tokens.
     *
     * @param queries in bfloat16, one after the other
     * @param out from {@code outAt} on, {@code stride} numbers from one query to the next
     */
    public void scores(Place place, short[] queries, int count, float[] out, int outAt, int stride) {
        int pages = place.pages().count();
        var keys = new Panels(memory.address() + keys(place), shape.headSize() / FORM.columns(), pages, 0);
        var rows = new Rows(MemorySegment.ofArray(queries), (long) Short.BYTES * shape.headSize());
        scores.call(keys, rows, count, checked(out, outAt, stride, count, pages * TOKENS));
    }

    /**
     * Adds the values of pages, each times its weight.
     *
     * @param weights in bfloat16 from {@code weightAt} on, {@code stride} from one query to the next
     * @param out of each query as long as a head, one after the other
     */
    public void addValues(Place place, short[] weights, int weightAt, int stride, int count, float[] out) {
        int size = shape.headSize();
        int pages = place.pages().count();
        long gap = panelBytes() - (long) pages * FORM.stepBytes();
        var values = new Panels(memory.address() + values(place), pages, size / PanelForm.ROWS, gap);
        var rows = new Rows(
                MemorySegment.ofArray(weights)
                        .asSlice((long) Short.BYTES * weightAt, Short.BYTES * ((count - 1L) * stride + pages * TOKENS)),
                (long) Short.BYTES * stride);
        sums.call(values, rows, count, checked(out, 0, size, count, size));
    }

    private static Rows checked(float[] out, int at, int stride, int count, int width) {
        long bytes = Float.BYTES * ((count - 1L) * stride + width);
        return new Rows(
                MemorySegment.ofArray(out).asSlice((long) Float.BYTES * at, bytes), (long) Float.BYTES * stride);
    }

    @Override
    public void close() {
        SystemMemory.free(memory);
    }
}
