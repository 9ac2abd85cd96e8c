package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.Optional;

/**
 * The C library's heap, where PyTorch's tensors lie. What is freed there stays with the process, in pieces between what is still
 * used, so that a training of many steps would grow and grow.
 */
public final class NativeHeap {

    /** Of glibc; other C libraries have none and need none. */
    private static final Optional<NativeFunction> TRIM = Linker.nativeLinker()
            .defaultLookup()
            .find("malloc_trim")
            .map(address -> Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_INT, JAVA_LONG)))
            .map(NativeFunction::new);

    private NativeHeap() {}

    /** Gives all free pages back to the system; takes a few hundredths of a second for each gigabyte of them. */
    public static void trim() {
        TRIM.ifPresent(trim -> {
            int released = trim.intOf(0L);
            assert released == 0 || released == 1;
        });
    }
}
