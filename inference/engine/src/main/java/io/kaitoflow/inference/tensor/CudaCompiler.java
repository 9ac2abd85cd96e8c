package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From CUDA C to a GPU's machine code, in this process. To machine code at once, because a driver may be too old for the
 * intermediate form of a newer compiler; but for a GPU that is newer than the compiler the driver makes it of that form.
 *
 * @see <a href="https://docs.nvidia.com/cuda/nvrtc/index.html">NVRTC</a>
 */
final class CudaCompiler {

    /** Of CUDA 12 and 13. */
    private static final List<String> LIBRARIES = List.of("libnvrtc.so.12", "libnvrtc.so.13");

    private final Arena arena;
    private final NativeLibrary library;

    CudaCompiler(Arena arena) {
        this.arena = arena;
        this.library = library(arena);
    }

    /** @throws TensorException if it cannot be had */
    static NativeLibrary library(Arena arena) {
        return NativeLibrary.first(LIBRARIES, arena);
    }

    /**
     * What the driver loads.
     *
     * @throws TensorException if the text does not compile; the message quotes the compiler
     */
    MemorySegment compile(String source, CudaDriver.Gpu gpu, List<String> options) {
        int[] architectures = architectures();
        boolean known = IntStream.of(architectures).anyMatch(each -> each == gpu.architecture());
        int newest = IntStream.of(architectures)
                .filter(each -> each <= gpu.architecture())
                .max()
                .orElse(gpu.architecture());
        List<String> words = new ArrayList<>(options);
        words.add("--gpu-architecture=" + (known ? "sm_" + gpu.architecture() : "compute_" + newest));
        MemorySegment program = compiled(source, words);
        MemorySegment code = known
                ? bytes("nvrtcGetCUBINSize", "nvrtcGetCUBIN", program)
                : bytes("nvrtcGetPTXSize", "nvrtcGetPTX", program);
        library.call("nvrtcDestroyProgram", arena.allocateFrom(ADDRESS, program));
        return code;
    }

    /** The compute capabilities that this compiler knows, as two digits or more. */
    private int[] architectures() {
        MemorySegment count = arena.allocate(JAVA_INT);
        library.call("nvrtcGetNumSupportedArchs", count);
        MemorySegment all = arena.allocate(JAVA_INT, count.get(JAVA_INT, 0));
        library.call("nvrtcGetSupportedArchs", all);
        return all.toArray(JAVA_INT);
    }

    private MemorySegment compiled(String source, List<String> options) {
        MemorySegment handle = arena.allocate(ADDRESS);
        library.call(
                "nvrtcCreateProgram",
                handle,
                arena.allocateFrom(source),
                arena.allocateFrom("kernel.cu"),
                0,
                MemorySegment.NULL,
                MemorySegment.NULL);
        MemorySegment program = handle.get(ADDRESS, 0);
        MemorySegment words = arena.allocate(ADDRESS, options.size());
        for (int i = 0; i < options.size(); i++) {
            words.setAtIndex(ADDRESS, i, arena.allocateFrom(options.get(i)));
        }
        if (library.answer("nvrtcCompileProgram", program, options.size(), words) != 0) {
            throw new TensorException("NVRTC refused a kernel: "
                    + bytes("nvrtcGetProgramLogSize", "nvrtcGetProgramLog", program)
                            .getString(0));
        }
        return program;
    }

    private MemorySegment bytes(String sizeFunction, String function, MemorySegment program) {
        MemorySegment size = arena.allocate(JAVA_LONG);
        library.call(sizeFunction, program, size);
        MemorySegment bytes = arena.allocate(size.get(JAVA_LONG, 0));
        library.call(function, program, bytes);
        return bytes;
    }
}
