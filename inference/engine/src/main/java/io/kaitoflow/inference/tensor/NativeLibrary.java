package io.kaitoflow.inference.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.List;

/** A C library of NVIDIA's whose functions answer with a number that is 0 when all is well. */
record NativeLibrary(String name, SymbolLookup symbols) {
    private static final String TOOLKIT = "/usr/local/cuda/lib64/";

    /** @throws IllegalArgumentException if the system does not find it */
    static NativeLibrary open(String name, Arena arena) {
        return new NativeLibrary(name, SymbolLookup.libraryLookup(name, arena));
    }

    /**
     * The first of some that can be had, where the system looks or where NVIDIA's toolkit puts them.
     *
     * @throws TensorException if there is none
     */
    static NativeLibrary first(List<String> names, Arena arena) {
        for (String folder : List.of("", TOOLKIT)) {
            for (String name : names) {
                try {
                    return open(folder + name, arena);
                } catch (IllegalArgumentException e) {
                    // Perhaps the next one.
                }
            }
        }
        throw new TensorException(
                "None of " + names + " can be loaded, here or from " + TOOLKIT
                        + ". NVIDIA's CUDA toolkit and PyTorch for CUDA come with one of them; LD_LIBRARY_PATH may name the folder.");
    }

    /** Calls with ints, longs and addresses, each as the type of its argument says. */
    int answer(String function, Object... arguments) {
        MemoryLayout[] parameters =
                Arrays.stream(arguments).map(NativeLibrary::layout).toArray(MemoryLayout[]::new);
        return function(function, parameters).intOf(arguments);
    }

    /** @throws TensorException if it answers with an error */
    void call(String function, Object... arguments) {
        int answer = answer(function, arguments);
        if (answer != 0) {
            throw new TensorException(name + " answers " + function + " with error " + answer + ".");
        }
    }

    /** A function that is called often. */
    NativeFunction function(String function, MemoryLayout... parameters) {
        return new NativeFunction(Linker.nativeLinker()
                .downcallHandle(symbols.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, parameters)));
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case Integer i -> JAVA_INT;
            case Long l -> JAVA_LONG;
            case MemorySegment address -> ADDRESS;
            default -> throw new IllegalArgumentException("A " + argument.getClass() + " for a function in C");
        };
    }
}
