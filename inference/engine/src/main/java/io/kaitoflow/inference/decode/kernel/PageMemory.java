package io.kaitoflow.inference.decode.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Keys and values in pages of {@value #TOKENS} tokens, all of it taken when it is made. In a page keys lie dimension by
 * dimension, so that the scores of its tokens are one vector, and values token by token.
 */
public abstract class PageMemory implements AutoCloseable {
    /** Tokens of a page. */
    public static final int TOKENS = 16;

    private final Shape shape;
    private final Arena arena = Arena.ofShared();

    /** All of it. */
    protected final MemorySegment memory;

    /** What there is room for. */
    public record Shape(int layers, int pages, int heads, int headSize) {
        private long elements() {
            return Math.multiplyExact(2L * layers * pages, (long) heads * headSize * TOKENS);
        }
    }

    PageMemory(Shape shape, int elementBytes) {
        this.shape = shape;
        MemorySegment owned = arena.allocate(Math.multiplyExact(shape.elements(), elementBytes), 64);
        // Without the arena's check for every access; close() is called when no step runs any more.
        this.memory = MemorySegment.ofAddress(owned.address()).reinterpret(owned.byteSize());
    }

    /** Numbers as they are, or rounded to bfloat16 in half the memory. */
    public static PageMemory of(Shape shape, boolean rounded) {
        return rounded ? new Rounded(shape) : new Exact(shape);
    }

    /** Bytes that a memory of this shape takes. */
    public static long bytes(Shape shape, boolean rounded) {
        return shape.elements() * (rounded ? Short.BYTES : Float.BYTES);
    }

    /** Sixteen or eight elements from an element index. */
    abstract FloatVector load(long element);

    abstract void store(long element, float value);

    /** Element index of the keys of one head in one page of one layer; its values follow. */
    public final long keys(int layer, int page, int head) {
        return (((long) layer * shape.pages() + page) * shape.heads() + head) * 2 * TOKENS * shape.headSize();
    }

    /** Puts one token's key and value, each {@code headSize} numbers, behind {@code keys}. */
    public final void write(long keys, int slot, Activations qkv, int keyAt, int valueAt) {
        int size = shape.headSize();
        long values = keys + (long) TOKENS * size + (long) slot * size;
        for (int i = 0; i < size; i++) {
            store(keys + (long) i * TOKENS + slot, qkv.values()[keyAt + i]);
            store(values + i, qkv.values()[valueAt + i]);
        }
    }

    /** The products of a query with the keys of a page, times {@code scale}. */
    public final void scores(long keys, float[] query, int queryAt, float scale, float[] out, int outAt) {
        for (int part = 0; part < TOKENS; part += Lanes.COUNT) {
            FloatVector even = Lanes.zero();
            FloatVector odd = Lanes.zero();
            for (int i = 0; i < shape.headSize(); i += 2) {
                long at = keys + (long) i * TOKENS + part;
                even = load(at).fma(FloatVector.broadcast(Lanes.FLOATS, query[queryAt + i]), even);
                odd = load(at + TOKENS).fma(FloatVector.broadcast(Lanes.FLOATS, query[queryAt + i + 1]), odd);
            }
            even.add(odd).mul(scale).intoArray(out, outAt + part);
        }
    }

    /** Adds the values of the first {@code tokens} of a page, each times its weight. */
    public final void addValues(long keys, float[] weights, int weightAt, int tokens, float[] out, int outAt) {
        int size = shape.headSize();
        long values = keys + (long) TOKENS * size;
        for (int part = 0; part < size; part += Lanes.COUNT) {
            FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, out, outAt + part);
            for (int token = 0; token < tokens; token++) {
                FloatVector weight = FloatVector.broadcast(Lanes.FLOATS, weights[weightAt + token]);
                sum = load(values + (long) token * size + part).fma(weight, sum);
            }
            sum.intoArray(out, outAt + part);
        }
    }

    @Override
    public final void close() {
        arena.close();
    }

    private static final class Exact extends PageMemory {
        Exact(Shape shape) {
            super(shape, Float.BYTES);
        }

        @Override
        FloatVector load(long element) {
            return FloatVector.fromMemorySegment(Lanes.FLOATS, memory, element * Float.BYTES, ByteOrder.nativeOrder());
        }

        @Override
        void store(long element, float value) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, element, value);
        }
    }

    private static final class Rounded extends PageMemory {
        Rounded(Shape shape) {
            super(shape, Short.BYTES);
        }

        @Override
        FloatVector load(long element) {
            return Lanes.bfloat16(memory, element * Short.BYTES);
        }

        @Override
        void store(long element, float value) {
            int bits = Float.floatToRawIntBits(value);
            memory.setAtIndex(ValueLayout.JAVA_SHORT, element, (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16));
        }
    }
}
