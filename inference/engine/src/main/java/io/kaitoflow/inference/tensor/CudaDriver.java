package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What NVIDIA's driver says about this machine's GPUs, asked without PyTorch, which tells nothing of a GPU's kind through its
 * binding.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__DEVICE.html">CUDA driver API</a>
 */
public final class CudaDriver {
    private static final String LIBRARY = "libcuda.so.1";
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int LONGEST_NAME = 256;

    private final Arena arena;
    private final NativeLibrary library;

    private CudaDriver(Arena arena) {
        this.arena = arena;
        this.library = NativeLibrary.open(LIBRARY, arena);
    }

    /**
     * A GPU.
     *
     * @param name as the driver gives it
     * @param bytes of its memory
     * @param major of its compute capability
     * @param minor of its compute capability
     */
    public record Gpu(String name, long bytes, int major, int minor) {
        /** The first compute capability whose tensor cores multiply bfloat16. */
        private static final int AMPERE = 8;

        /** Whether bfloat16 is multiplied in hardware. */
        public boolean multipliesBfloat16() {
            return major >= AMPERE;
        }

        /** Its compute capability as compilers write it: 90 for 9.0, 120 for 12.0. */
        int architecture() {
            return 10 * major + minor;
        }

        @Override
        public String toString() {
            return "%s, %d MiB, compute capability %d.%d".formatted(name, bytes >> 20, major, minor);
        }
    }

    /**
     * The GPUs that this process sees, in their order.
     *
     * @throws TensorException if there is no driver, or it finds none; the message says what is missing
     */
    public static List<Gpu> gpus() {
        try (Arena arena = Arena.ofConfined()) {
            return new CudaDriver(arena).all();
        } catch (IllegalArgumentException e) {
            throw new TensorException(
                    "NVIDIA's driver (" + LIBRARY
                            + ") cannot be loaded: install it on this machine, or let the container"
                            + " have the GPU (nvidia.com/gpu under the pod's limits).",
                    e);
        }
    }

    /** Whether this machine has the driver at all, which says nothing of GPUs. */
    public static boolean isInstalled() {
        try (Arena arena = Arena.ofConfined()) {
            return new CudaDriver(arena).library.symbols().find("cuInit").isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether the driver is there and finds a GPU. */
    static boolean seesGpu() {
        try {
            return !gpus().isEmpty();
        } catch (TensorException e) {
            return false;
        }
    }

    private List<Gpu> all() {
        call("cuInit", 0);
        MemorySegment count = arena.allocate(JAVA_INT);
        call("cuDeviceGetCount", count);
        return IntStream.range(0, count.get(JAVA_INT, 0)).mapToObj(this::gpu).toList();
    }

    private Gpu gpu(int index) {
        MemorySegment device = arena.allocate(JAVA_INT);
        call("cuDeviceGet", device, index);
        int handle = device.get(JAVA_INT, 0);
        MemorySegment name = arena.allocate(JAVA_BYTE, LONGEST_NAME);
        call("cuDeviceGetName", name, LONGEST_NAME, handle);
        MemorySegment bytes = arena.allocate(JAVA_LONG);
        call("cuDeviceTotalMem_v2", bytes, handle);
        return new Gpu(
                name.getString(0),
                bytes.get(JAVA_LONG, 0),
                attribute(CAPABILITY_MAJOR, handle),
                attribute(CAPABILITY_MINOR, handle));
    }

    private int attribute(int which, int handle) {
        MemorySegment value = arena.allocate(JAVA_INT);
        call("cuDeviceGetAttribute", value, which, handle);
        return value.get(JAVA_INT, 0);
    }

    private void call(String function, Object... arguments) {
        int answer = library.answer(function, arguments);
        if (answer != 0) {
            throw new TensorException("NVIDIA's driver answers " + function + " with error " + answer
                    + ": it finds no usable GPU. nvidia-smi on this machine says more.");
        }
    }
}
