package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.djl.ndarray.NDArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A function in CUDA C, compiled when this is made for the first GPU that this process sees. For what takes PyTorch's operations
 * several passes over memory. It runs in order with PyTorch's operations, which share the default stream.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__EXEC.html">cuLaunchKernel</a>
 */
public final class CudaKernel implements AutoCloseable {
    private static final int THREADS_PER_BLOCK = 256;

    private final DeviceAddress addresses = new DeviceAddress();
    private final Arena arena = Arena.ofShared();
    private final NativeLibrary driver;
    private final NativeFunction enter;
    private final NativeFunction launch;
    private final MemorySegment context;
    private final MemorySegment module;
    private final MemorySegment function;

    /**
     * @param source defines {@code extern "C" __global__ void} under the name
     * @param options for the compiler, for example {@code -DNAME}
     * @throws TensorException if there is no GPU or no compiler, or the text does not compile
     */
    public CudaKernel(String source, String name, List<String> options) {
        try {
            CudaDriver.Gpu gpu = CudaDriver.gpus().getFirst();
            List<String> words = new ArrayList<>(options);
            words.add("--gpu-architecture=sm_" + gpu.major() + gpu.minor());
            driver = NativeLibrary.open("libcuda.so.1", arena);
            enter = driver.function("cuCtxSetCurrent", ADDRESS);
            launch = driver.function(
                    "cuLaunchKernel",
                    ADDRESS,
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    ADDRESS);
            context = given("cuDevicePrimaryCtxRetain", 0);
            enter.intOf(context);
            module = given("cuModuleLoadData", new CudaCompiler(arena).compile(source, words));
            function = given("cuModuleGetFunction", module, arena.allocateFrom(name));
        } catch (TensorException | IllegalArgumentException | NoSuchElementException e) {
            arena.close();
            throw new TensorException("A kernel for the GPU cannot be made: " + e.getMessage(), e);
        }
    }

    /** What a function of the driver writes to its first parameter. */
    private MemorySegment given(String name, Object... more) {
        MemorySegment place = arena.allocate(ADDRESS);
        Object[] arguments = new Object[more.length + 1];
        arguments[0] = place;
        System.arraycopy(more, 0, arguments, 1, more.length);
        driver.call(name, arguments);
        return place.get(ADDRESS, 0);
    }

    /**
     * Runs it and does not wait for it.
     *
     * @param threads at least so many
     * @param arguments tensors on the GPU, for parameters that are pointers, and longs
     * @throws TensorException if the driver refuses
     */
    public void launch(long threads, List<Object> arguments) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment values = call.allocate(JAVA_LONG, arguments.size());
            MemorySegment places = call.allocate(ADDRESS, arguments.size());
            for (int i = 0; i < arguments.size(); i++) {
                values.setAtIndex(JAVA_LONG, i, word(arguments.get(i)));
                places.setAtIndex(ADDRESS, i, values.asSlice((long) i * Long.BYTES));
            }
            int blocks = Math.toIntExact(Math.ceilDiv(threads, THREADS_PER_BLOCK));
            enter.intOf(context);
            int answer = launch.intOf(
                    function, blocks, 1, 1, THREADS_PER_BLOCK, 1, 1, 0, MemorySegment.NULL, places, MemorySegment.NULL);
            if (answer != 0) {
                throw new TensorException("The GPU does not run a kernel: cuLaunchKernel answers with error " + answer);
            }
        }
    }

    private long word(Object argument) {
        return switch (argument) {
            case NDArray tensor -> addresses.of(tensor);
            case Long number -> number;
            default -> throw new IllegalArgumentException("A " + argument.getClass() + " for a kernel");
        };
    }

    @Override
    public void close() {
        enter.intOf(context);
        driver.call("cuModuleUnload", module);
        driver.call("cuDevicePrimaryCtxRelease_v2", 0);
        arena.close();
    }
}
