package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.model.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * Float32 matrices beside the heap, all in one piece, which is given back when nobody has any of them. Not taken from
 * {@link Arena#ofAuto}, since what that gives out all together may not be more than the heap.
 */
final class NativeFloats {
    /** Of a vector, so that no matrix begins within one. */
    private static final int ALIGNMENT = 64;

    private final SegmentAllocator rest;

    /**
     * @param bytes of all matrices, each as {@link #bytes} counts it
     * @throws ModelException if the system does not give them
     */
    NativeFloats(long bytes) {
        Arena owner = Arena.ofShared();
        try {
            MemorySegment all = owner.allocate(bytes, ALIGNMENT).reinterpret(Arena.ofAuto(), _ -> owner.close());
            this.rest = SegmentAllocator.slicingAllocator(all);
        } catch (OutOfMemoryError e) { // of the system's, and not of the heap, whose owner has to hear of it
            owner.close();
            throw new ModelException(
                    "There are no " + (bytes >> 20)
                            + " MiB left here for an adapter. Serve fewer, or of a smaller rank.",
                    e);
        }
    }

    /** What a matrix takes. */
    static long bytes(int rows, int columns) {
        return Math.ceilDiv((long) rows * columns * Float.BYTES, ALIGNMENT) * ALIGNMENT;
    }

    /** Room for some numbers. */
    MemorySegment take(int numbers) {
        return rest.allocate(ValueLayout.JAVA_FLOAT.byteSize() * numbers, ALIGNMENT);
    }
}
