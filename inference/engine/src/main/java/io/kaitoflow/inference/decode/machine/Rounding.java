package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.kernel.Bfloat16;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rounds numbers to what products want, in machine code where the processor has 512-bit registers: what a compiler makes of
 * vectors depends on what it saw before. Bfloat16 numbers that are too small to be normal may become zeros.
 */
public final class Rounding {
    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(
                    FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
                    Linker.Option.critical(true));
    private static final Map<InputForm, Rounding> FASTEST = new ConcurrentHashMap<>();

    private final InputForm form;
    private final Optional<MemorySegment> function;

    /** @param function machine code of a {@link RoundingProgram} */
    Rounding(InputForm form, Optional<MemorySegment> function) {
        this.form = form;
        this.function = function;
    }

    /**
     * The fastest on this machine; assembled at the first call.
     *
     * @throws IllegalStateException if the system lets this process run no machine code of its own
     */
    public static Rounding to(InputForm form) {
        return FASTEST.computeIfAbsent(form, one -> new Rounding(one, assembled(one)));
    }

    private static Optional<MemorySegment> assembled(InputForm form) {
        return form != InputForm.WHOLE && InstructionSet.AVX512.isThere()
                ? Optional.of(SystemMemory.executable(new RoundingProgram(form).text()))
                : Optional.empty();
    }

    /** Rounds {@code length} numbers, whole steps, to the memory from a byte offset on. */
    public void put(float[] x, int from, int length, MemorySegment memory, long at) {
        long steps = length / form.columns();
        if (function.isPresent() && steps > 0) {
            // Both slices are checked to hold what is read and written.
            MemorySegment numbers =
                    MemorySegment.ofArray(x).asSlice((long) Float.BYTES * from, (long) Float.BYTES * length);
            call(function.get(), numbers, memory.asSlice(at, steps * form.stepBytes()), steps);
        } else if (form == InputForm.BFLOAT16) {
            Bfloat16.store(x, from, length, memory, at);
        } else {
            for (int step = 0; step < steps; step++) {
                WholeNumbers.put(form, x, from + step * form.columns(), memory, at + (long) step * form.stepBytes());
            }
        }
    }

    private static void call(MemorySegment function, MemorySegment numbers, MemorySegment rounded, long steps) {
        try {
            CALL.invokeExact(function, numbers, rounded, steps);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
