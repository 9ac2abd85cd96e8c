package io.kaitoflow.inference.tensor;

import java.lang.foreign.MemorySegment;

/**
 * A run of kernels that was recorded once, with its arguments, and is asked for as one from then on.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__GRAPH.html">CUDA graphs</a>
 */
public final class CudaGraph implements AutoCloseable {
    private final CudaDevice device;
    private final MemorySegment executable;
    private final NativeFunction launch;

    CudaGraph(CudaDevice device, MemorySegment executable, NativeFunction launch) {
        this.device = device;
        this.executable = executable;
        this.launch = launch;
    }

    /** Runs it after what was asked for before, and does not wait for it. */
    public void launch() {
        CudaDevice.requireDone(launch.intOf(executable, device.stream()));
    }

    @Override
    public void close() {
        device.enter();
        device.driver().call("cuGraphExecDestroy", executable);
    }
}
