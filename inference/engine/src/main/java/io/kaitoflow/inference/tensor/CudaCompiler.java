package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * From CUDA C to a GPU's machine code, in this process. To machine code at once, because a driver may be too old for the
 * intermediate form of a newer compiler.
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

    /** @throws TensorException if the text does not compile; the message quotes the compiler */
    MemorySegment compile(String source, List<String> options) {
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
        MemorySegment code = bytes("nvrtcGetCUBINSize", "nvrtcGetCUBIN", program);
        library.call("nvrtcDestroyProgram", handle);
        return code;
    }

    private MemorySegment bytes(String sizeFunction, String function, MemorySegment program) {
        MemorySegment size = arena.allocate(JAVA_LONG);
        library.call(sizeFunction, program, size);
        MemorySegment bytes = arena.allocate(size.get(JAVA_LONG, 0));
        library.call(function, program, bytes);
        return bytes;
    }
}
