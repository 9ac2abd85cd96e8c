package io.kaitoflow.inference.tensor;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A function in CUDA C, compiled when this is made for the first GPU that this process sees. For what takes PyTorch's operations
 * several passes over memory. It runs in order with PyTorch's operations, which share the default stream.
 */
public final class CudaKernel implements AutoCloseable {
    private static final int THREADS_PER_BLOCK = 256;

    private final DeviceAddress addresses = new DeviceAddress();
    private final CudaDevice device = CudaDevice.besidePyTorch();
    private final CudaProgram program;
    private final CudaFunction function;

    /**
     * @param source defines {@code extern "C" __global__ void} under the name
     * @param options for the compiler, for example {@code -DNAME}
     * @throws TensorException if there is no GPU or no compiler, or the text does not compile
     */
    public CudaKernel(String source, String name, List<String> options) {
        try {
            program = device.compile(source, options);
        } catch (TensorException e) {
            device.close();
            throw new TensorException("A kernel for the GPU cannot be made: " + e.getMessage(), e);
        }
        function = program.function(name);
    }

    /**
     * Runs it and does not wait for it.
     *
     * @param threads at least so many
     * @param arguments tensors on the GPU, for parameters that are pointers, and longs
     * @throws TensorException if the driver refuses
     */
    public void launch(long threads, List<Object> arguments) {
        device.enter();
        function.launch(
                CudaFunction.Grid.covering(threads, THREADS_PER_BLOCK),
                arguments.stream().mapToLong(this::word).toArray());
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
        program.close();
        device.close();
    }
}
