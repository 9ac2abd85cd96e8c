package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The first GPU that this process sees, through NVIDIA's driver and without PyTorch: memory, programs, and a stream in which they
 * run one after the other. It shares PyTorch's context. Used by one thread at a time.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/">CUDA driver API</a>
 */
public final class CudaDevice implements AutoCloseable {
    /** Other threads may go on meanwhile as they like. */
    private static final int OF_THIS_THREAD = 1;

    private final Arena arena = Arena.ofShared();
    private final CudaDriver.Gpu gpu;
    private final NativeLibrary driver;
    private final NativeFunction enter;
    private final NativeFunction write;
    private final NativeFunction read;
    private final NativeFunction await;
    private final NativeFunction launchGraph;
    private final List<MemorySegment> hostMemory = new ArrayList<>();
    private final MemorySegment context;
    private final MemorySegment stream;

    private CudaDevice(boolean withStream) {
        try {
            gpu = CudaDriver.gpus().getFirst();
            driver = NativeLibrary.open("libcuda.so.1", arena);
            enter = driver.function("cuCtxSetCurrent", ADDRESS);
            write = driver.function("cuMemcpyHtoDAsync_v2", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
            read = driver.function("cuMemcpyDtoHAsync_v2", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
            await = driver.function("cuStreamSynchronize", ADDRESS);
            launchGraph = driver.function("cuGraphLaunch", ADDRESS, ADDRESS);
            context = given("cuDevicePrimaryCtxRetain", 0);
            enter();
            stream = withStream ? given("cuStreamCreate", 0) : MemorySegment.NULL;
        } catch (TensorException | IllegalArgumentException | NoSuchElementException e) {
            arena.close();
            throw new TensorException("The GPU cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * With a stream of its own.
     *
     * @throws TensorException if there is no GPU
     */
    public static CudaDevice open() {
        return new CudaDevice(true);
    }

    /** What programs and products need beside the driver and this process cannot load, in a sentence; empty if nothing is missing. */
    public static Optional<String> missing() {
        try (Arena arena = Arena.ofConfined()) {
            CudaCompiler.library(arena);
            CudaBlas.library(arena);
            return Optional.empty();
        } catch (TensorException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    /** In order with PyTorch's operations. */
    static CudaDevice besidePyTorch() {
        return new CudaDevice(false);
    }

    /** What the driver says of it. */
    public CudaDriver.Gpu gpu() {
        return gpu;
    }

    MemorySegment stream() {
        return stream;
    }

    NativeLibrary driver() {
        return driver;
    }

    /** Makes the calling thread one that uses this GPU. */
    public void enter() {
        enter.intOf(context);
    }

    /** What a function of the driver writes to the parameter after another. */
    private MemorySegment givenBack(String name, MemorySegment before) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment place = call.allocate(ADDRESS);
            driver.call(name, before, place);
            return place.get(ADDRESS, 0);
        }
    }

    /** What a function of the driver writes to its first parameter. */
    MemorySegment given(String name, Object... more) {
        MemorySegment place = arena.allocate(ADDRESS);
        Object[] arguments = new Object[more.length + 1];
        arguments[0] = place;
        System.arraycopy(more, 0, arguments, 1, more.length);
        driver.call(name, arguments);
        return place.get(ADDRESS, 0);
    }

    /**
     * Compiles a program.
     *
     * @param source in CUDA C
     * @param options for the compiler, for example {@code -DNAME}
     * @throws TensorException if there is no compiler, or the text does not compile; the message quotes it
     */
    public CudaProgram compile(String source, List<String> options) {
        enter();
        return new CudaProgram(this, given("cuModuleLoadData", new CudaCompiler(arena).compile(source, gpu, options)));
    }

    /**
     * Records what is asked for instead of doing it.
     *
     * @param work asks for kernels, products and copies, and waits for nothing
     */
    public CudaGraph record(Runnable work) {
        enter();
        driver.call("cuStreamBeginCapture_v2", stream, OF_THIS_THREAD);
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            // Ended without asking how it went: what failed in it says more.
            try (Arena call = Arena.ofConfined()) {
                driver.answer("cuStreamEndCapture", stream, call.allocate(ADDRESS));
            }
            throw e;
        }
        MemorySegment graph = givenBack("cuStreamEndCapture", stream);
        MemorySegment executable = given("cuGraphInstantiateWithFlags", graph, 0L);
        driver.call("cuGraphDestroy", graph);
        return new CudaGraph(this, executable, launchGraph);
    }

    /** NVIDIA's products of matrices, in this GPU's stream. */
    public CudaBlas blas() {
        enter();
        return new CudaBlas(this, arena);
    }

    /**
     * Takes memory of the GPU, which holds anything.
     *
     * @throws TensorException if it has not as much
     */
    public CudaMemory allocate(long bytes) {
        try (Arena call = Arena.ofConfined()) {
            enter();
            MemorySegment address = call.allocate(JAVA_LONG);
            if (driver.answer("cuMemAlloc_v2", address, Math.max(bytes, 1)) != 0) {
                throw new TensorException("The GPU has no " + (bytes >> 20) + " MiB left, only " + (free() >> 20)
                        + " MiB. Lower --context, or take a larger GPU.");
            }
            return new CudaMemory(this, address.get(JAVA_LONG, 0), bytes);
        }
    }

    /** Bytes that nobody has taken. */
    public long free() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment free = call.allocate(JAVA_LONG);
            MemorySegment total = call.allocate(JAVA_LONG);
            enter();
            driver.call("cuMemGetInfo_v2", free, total);
            return free.get(JAVA_LONG, 0);
        }
    }

    /** Memory of the processor that the GPU reads and writes fast, for as long as this is open. */
    public MemorySegment allocateHost(long bytes) {
        enter();
        MemorySegment memory = given("cuMemAllocHost_v2", bytes).reinterpret(bytes);
        hostMemory.add(memory);
        return memory;
    }

    void write(long address, MemorySegment from) {
        requireDone(write.intOf(address, from, from.byteSize(), stream));
    }

    void read(long address, MemorySegment to) {
        requireDone(read.intOf(to, address, to.byteSize(), stream));
    }

    /**
     * Waits until all that was asked for is done.
     *
     * @throws TensorException if some of it failed
     */
    public void await() {
        requireDone(await.intOf(stream));
    }

    /**
     * Whether it does anything that it is asked for. What fails is told once, unless it has broken this process's use of the GPU (an
     * illegal address, a GPU that is gone): then whatever is asked next fails too, until the process ends.
     */
    public boolean works() {
        return enter.intOf(context) == 0 && await.intOf(stream) == 0;
    }

    static void requireDone(int answer) {
        if (answer != 0) {
            throw new TensorException("The GPU failed with error " + answer + " of its driver. nvidia-smi says more.");
        }
    }

    @Override
    public void close() {
        enter();
        hostMemory.forEach(memory -> driver.call("cuMemFreeHost", memory));
        if (!stream.equals(MemorySegment.NULL)) {
            driver.call("cuStreamDestroy_v2", stream);
        }
        driver.call("cuDevicePrimaryCtxRelease_v2", 0);
        arena.close();
    }
}
