package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A function that a GPU runs. Used by one thread at a time, which has entered the device.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__EXEC.html">cuLaunchKernel</a>
 */
public final class CudaFunction {
    private static final int MOST_ARGUMENTS = 24;

    private final MethodHandle launch;
    private final MemorySegment function;
    private final MemorySegment stream;
    private final MemorySegment values;
    private final MemorySegment places;

    /**
     * Blocks of threads, in three dimensions.
     *
     * @param threads of each block
     */
    public record Grid(int x, int y, int z, int threads) {
        /** So many blocks that there are at least {@code count} threads. */
        public static Grid covering(long count, int threads) {
            return new Grid(Math.toIntExact(Math.ceilDiv(count, threads)), 1, 1, threads);
        }
    }

    CudaFunction(NativeFunction launch, MemorySegment function, MemorySegment stream, Arena arena) {
        this.launch = launch.handle();
        this.function = function;
        this.stream = stream;
        this.values = arena.allocate(JAVA_LONG, MOST_ARGUMENTS);
        this.places = arena.allocate(ADDRESS, MOST_ARGUMENTS);
        for (int i = 0; i < MOST_ARGUMENTS; i++) {
            places.setAtIndex(ADDRESS, i, values.asSlice((long) i * Long.BYTES));
        }
    }

    /**
     * Runs it after what was asked for before, and does not wait for it.
     *
     * @param arguments addresses and whole numbers, each for a parameter of 8 bytes
     * @throws TensorException if the driver refuses
     */
    public void launch(Grid grid, long... arguments) {
        MemorySegment.copy(arguments, 0, values, JAVA_LONG, 0, arguments.length);
        int answer = answer(grid);
        if (answer != 0) {
            throw new TensorException(
                    "The GPU does not run a kernel: cuLaunchKernel answers with error " + answer + ".");
        }
    }

    @SuppressWarnings("IllegalCatch") // A method handle declares Throwable; a call into C throws nothing.
    private int answer(Grid grid) {
        try {
            return (int) launch.invokeExact(
                    function,
                    grid.x(),
                    grid.y(),
                    grid.z(),
                    grid.threads(),
                    1,
                    1,
                    0,
                    stream,
                    places,
                    MemorySegment.NULL);
        } catch (Throwable e) {
            throw new IllegalStateException("A call into C cannot throw", e);
        }
    }
}
