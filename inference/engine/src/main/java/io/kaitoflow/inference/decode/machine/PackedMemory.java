package io.kaitoflow.inference.decode.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/** Where the packed matrices of one model lie. */
public final class PackedMemory implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final MemorySegment memory;
    private final SegmentAllocator rest;

    /** @param bytes of all stored matrices that will be packed, each rounded up by {@link #roomFor} */
    public PackedMemory(long bytes) {
        memory = SystemMemory.allocate(bytes);
        rest = SegmentAllocator.slicingAllocator(memory);
    }

    /** What a matrix takes. */
    public static long roomFor(long storedBytes) {
        return (storedBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Lets go of the pages of a mapped file, and only of such, that were packed; who reads them again gets them from the file. */
    public static void letGo(MemorySegment mapped) {
        SystemMemory.dropFromMemory(mapped);
    }

    MemorySegment take(long bytes) {
        return rest.allocate(bytes, ALIGNMENT);
    }

    @Override
    public void close() {
        SystemMemory.free(memory);
    }
}
