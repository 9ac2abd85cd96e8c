package io.kaitoflow.inference.decode.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Memory straight from the operating system. */
final class SystemMemory {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final int NOT_NEEDED_NOW = 4;
    private static final int LARGE_PAGES = 14;
    private static final long PAGE = 4096;
    private static final long FAILED = -1;

    private static final ValueLayout LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout INT = ValueLayout.JAVA_INT;
    private static final MethodHandle MMAP = function("mmap", LONG, LONG, LONG, INT, INT, INT, LONG);
    private static final MethodHandle MUNMAP = function("munmap", INT, LONG, LONG);
    private static final MethodHandle MPROTECT = function("mprotect", INT, LONG, LONG, INT);
    private static final MethodHandle MADVISE = function("madvise", INT, LONG, LONG, INT);

    private SystemMemory() {}

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    private static long call(MethodHandle function, Object... arguments) {
        try {
            return ((Number) function.invokeWithArguments(arguments)).longValue();
        } catch (Throwable e) { // declared by every handle; a call of the system throws nothing
            throw new IllegalStateException(e);
        }
    }

    /**
     * Zeroed memory, in large pages where the system has them, since it is read from end to end for every token.
     *
     * @throws OutOfMemoryError if there is not as much
     */
    static MemorySegment allocate(long bytes) {
        long address = call(MMAP, 0L, bytes, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0L);
        if (address == FAILED) {
            throw new OutOfMemoryError("The system gave no " + bytes + " bytes");
        }
        call(MADVISE, address, bytes, LARGE_PAGES);
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** Gives memory from {@link #allocate} back. */
    static void free(MemorySegment memory) {
        call(MUNMAP, memory.address(), memory.byteSize());
    }

    /**
     * A copy of machine code that can be called and never changes; it stays until the process ends.
     *
     * @throws IllegalStateException if the system allows no such thing
     */
    static MemorySegment executable(byte[] code) {
        MemorySegment pages = allocate(code.length);
        MemorySegment.copy(code, 0, pages, ValueLayout.JAVA_BYTE, 0, code.length);
        if (call(MPROTECT, pages.address(), pages.byteSize(), READ | EXECUTE) != 0) {
            throw new IllegalStateException("The system lets this process run no machine code of its own. Serve with"
                    + " --compute fp32, which does without.");
        }
        return pages;
    }

    /** Lets go of whole pages of a mapped file; who reads them again gets them from the file. */
    static void dropFromMemory(MemorySegment mapped) {
        long first = (mapped.address() + PAGE - 1) / PAGE * PAGE;
        long end = (mapped.address() + mapped.byteSize()) / PAGE * PAGE;
        if (first < end) {
            call(MADVISE, first, end - first, NOT_NEEDED_NOW);
        }
    }
}
