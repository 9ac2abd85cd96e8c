package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Functions in CUDA C that were compiled together. */
public final class CudaProgram implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final CudaDevice device;
    private final MemorySegment module;
    private final NativeFunction launch;

    CudaProgram(CudaDevice device, MemorySegment module) {
        this.device = device;
        this.module = module;
        this.launch = device.driver()
                .function(
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
    }

    /** A function by the name that it has as {@code extern "C" __global__ void}. */
    public CudaFunction function(String name) {
        device.enter();
        return new CudaFunction(
                launch, device.given("cuModuleGetFunction", module, arena.allocateFrom(name)), device.stream(), arena);
    }

    @Override
    public void close() {
        device.enter();
        device.driver().call("cuModuleUnload", module);
        arena.close();
    }
}
