package io.kaitoflow.inference.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Bytes on a GPU. */
public final class CudaMemory implements AutoCloseable {
    private final CudaDevice device;
    private final long address;
    private final long bytes;

    CudaMemory(CudaDevice device, long address, long bytes) {
        this.device = device;
        this.address = address;
        this.bytes = bytes;
    }

    /** Memory that holds some float32 numbers. */
    public static CudaMemory of(CudaDevice device, float[] numbers) {
        return of(device, MemorySegment.ofArray(numbers));
    }

    /** Memory that holds what some other memory does. */
    public static CudaMemory of(CudaDevice device, MemorySegment from) {
        CudaMemory memory = device.allocate(from.byteSize());
        try (Arena arena = Arena.ofConfined()) {
            memory.write(0, arena.allocate(from.byteSize(), Long.BYTES).copyFrom(from));
            device.await();
        }
        return memory;
    }

    /** Where it begins, for kernels. */
    public long address() {
        return address;
    }

    public long bytes() {
        return bytes;
    }

    /** Writes from a byte on; what is read must stay as it is until {@link CudaDevice#await}. */
    public void write(long at, MemorySegment from) {
        require(at, from.byteSize());
        device.write(address + at, from);
    }

    /** Reads from a byte on; it is there after {@link CudaDevice#await}. */
    public void read(long at, MemorySegment to) {
        require(at, to.byteSize());
        device.read(address + at, to);
    }

    private void require(long at, long count) {
        if (at < 0 || count > bytes - at) {
            throw new IndexOutOfBoundsException("Bytes " + at + " to " + (at + count) + " of memory that has " + bytes);
        }
    }

    @Override
    public void close() {
        device.enter();
        device.driver().call("cuMemFree_v2", address);
    }
}
