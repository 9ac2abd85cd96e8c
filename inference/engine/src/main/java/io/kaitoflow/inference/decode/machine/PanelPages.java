package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.machine.PanelFunctions.Panels;
import io.kaitoflow.inference.decode.machine.PanelFunctions.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys and values in bfloat16, in pages of {@link PageMemory#TOKENS} tokens that lie as panels: the keys of a page are one panel
 * with a row for each token, its values are panels with a row for each dimension. All of it is taken when it is made.
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

    /** A key head of one page of one layer. */
    public record Place(int layer, int page, int head) {}

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

    private long keysBytes() {
        return (long) shape.headSize() * TOKENS * Short.BYTES;
    }

    private long keys(Place place) {
        long head = ((long) place.layer() * shape.pages() + place.page()) * shape.heads() + place.head();
        return head * 2 * keysBytes();
    }

    private long values(Place place) {
        return keys(place) + keysBytes();
    }

    /** Puts one token's key and value away, each as long as a head. */
    public void write(Place place, int slot, Activations qkv, int keyAt, int valueAt) {
        float[] from = qkv.values();
        long keys = keys(place) + slot * 4L;
        long values = values(place) + slot / 2 * PAIR_BYTES + slot % 2 * 2L;
        for (int i = 0; i < shape.headSize(); i += 2) {
            int pair = rounded(from[keyAt + i]) | rounded(from[keyAt + i + 1]) << 16;
            memory.set(ValueLayout.JAVA_INT_UNALIGNED, keys + i / 2 * PAIR_BYTES, pair);
        }
        for (int i = 0; i < shape.headSize(); i++) {
            long panel = i / PanelForm.ROWS * (long) FORM.stepBytes();
            memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, values + panel + i % PanelForm.ROWS * 4L, (short)
                    rounded(from[valueAt + i]));
        }
    }

    /** To nearest, ties to even. */
    private static int rounded(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    }

    /**
     * The products of some queries with the keys of a page, one for each of its tokens.
     *
     * @param queries in bfloat16, one after the other
     * @param out from {@code outAt} on, {@code stride} numbers from one query to the next
     */
    public void scores(Place place, short[] queries, int count, float[] out, int outAt, int stride) {
        var page = new Panels(memory.address() + keys(place), shape.headSize() / FORM.columns(), 1);
        var rows = new Rows(MemorySegment.ofArray(queries), (long) Short.BYTES * shape.headSize());
        scores.call(page, rows, count, checked(out, outAt, stride, count, TOKENS));
    }

    /**
     * Adds the values of a page, each times its weight.
     *
     * @param weights in bfloat16 from {@code weightAt} on, {@code stride} from one query to the next
     * @param out of each query as long as a head, one after the other
     */
    public void addValues(Place place, short[] weights, int weightAt, int stride, int count, float[] out) {
        int size = shape.headSize();
        var page = new Panels(memory.address() + values(place), 1, size / PanelForm.ROWS);
        var rows = new Rows(
                MemorySegment.ofArray(weights)
                        .asSlice((long) Short.BYTES * weightAt, Short.BYTES * ((count - 1L) * stride + TOKENS)),
                (long) Short.BYTES * stride);
        sums.call(page, rows, count, checked(out, 0, size, count, size));
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
