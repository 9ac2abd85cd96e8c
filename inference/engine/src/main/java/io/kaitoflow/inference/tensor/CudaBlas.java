package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * NVIDIA's products of matrices.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cublas/">cuBLAS</a>
 */
public final class CudaBlas implements AutoCloseable {
    /** Of CUDA 12 and 13. */
    private static final List<String> LIBRARIES = List.of("libcublas.so.12", "libcublas.so.13");

    /** What it works best with on large GPUs. Its own would be taken anew while a graph is recorded. */
    private static final long WORKSPACE = 32L << 20;

    private static final int TRANSPOSED = 1;
    private static final int AS_IT_IS = 0;
    private static final int FLOAT32 = 0;
    private static final int BFLOAT16 = 14;
    private static final int COMPUTED_IN_FLOAT32 = 68;
    private static final int ANY_ALGORITHM = -1;

    private final NativeLibrary library;
    private final NativeFunction multiply;
    private final MemorySegment handle;
    private final CudaMemory workspace;
    private final MemorySegment one;
    private final MemorySegment zero;

    CudaBlas(CudaDevice device, Arena arena) {
        library = library(arena);
        MemorySegment place = arena.allocate(ADDRESS);
        library.call("cublasCreate_v2", place);
        handle = place.get(ADDRESS, 0);
        library.call("cublasSetStream_v2", handle, device.stream());
        workspace = device.allocate(WORKSPACE);
        library.call("cublasSetWorkspace_v2", handle, MemorySegment.ofAddress(workspace.address()), WORKSPACE);
        one = arena.allocateFrom(JAVA_FLOAT, 1f);
        zero = arena.allocateFrom(JAVA_FLOAT, 0f);
        multiply = library.function(
                "cublasGemmEx",
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT);
    }

    /** @throws TensorException if it cannot be had */
    static NativeLibrary library(Arena arena) {
        return NativeLibrary.first(LIBRARIES, arena);
    }

    /**
     * y = x W', all row-major, by addresses.
     *
     * @param matrix W, bfloat16 (outputs, inputs)
     * @param x bfloat16 (rows, inputs)
     * @param y float32 (rows, outputs)
     * @throws TensorException if it refuses
     */
    public void multiply(long matrix, long x, long y, int rows, int outputs, int inputs) {
        // It thinks in columns: what is row-major to us is transposed to it.
        int answer = multiply.intOf(
                handle,
                TRANSPOSED,
                AS_IT_IS,
                outputs,
                rows,
                inputs,
                one,
                MemorySegment.ofAddress(matrix),
                BFLOAT16,
                inputs,
                MemorySegment.ofAddress(x),
                BFLOAT16,
                inputs,
                zero,
                MemorySegment.ofAddress(y),
                FLOAT32,
                outputs,
                COMPUTED_IN_FLOAT32,
                ANY_ALGORITHM);
        if (answer != 0) {
            throw new TensorException("cuBLAS multiplies no " + outputs + " by " + inputs + " matrix with " + rows
                    + " rows: error " + answer + ".");
        }
    }

    @Override
    public void close() {
        library.call("cublasDestroy_v2", handle);
        workspace.close();
    }
}
