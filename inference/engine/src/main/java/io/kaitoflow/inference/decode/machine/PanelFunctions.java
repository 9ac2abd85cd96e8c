package io.kaitoflow.inference.decode.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The assembled functions of one form, one for each number of inputs. */
final class PanelFunctions {
    private static final int SLOT = 4096;
    private static final Map<Kind, PanelFunctions> ASSEMBLED = new ConcurrentHashMap<>();
    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(
                    FunctionDescriptor.ofVoid(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.critical(true));

    private final int mostInputs;
    private final long entry;

    private record Kind(InstructionSet instructions, PanelForm form, boolean adding) {}

    private PanelFunctions(Kind kind) {
        mostInputs = kind.instructions().mostInputs();
        ByteBuffer text = ByteBuffer.allocate(mostInputs * SLOT);
        for (int inputs = 1; inputs <= mostInputs; inputs++) {
            PanelProgram program = kind.instructions().program(kind.form(), inputs, kind.adding());
            text.put((inputs - 1) * SLOT, program.text());
        }
        entry = SystemMemory.executable(text.array()).address();
    }

    /** Functions that write sums; assembled at the first call. */
    static PanelFunctions writing(InstructionSet instructions, PanelForm form) {
        return ASSEMBLED.computeIfAbsent(new Kind(instructions, form, false), PanelFunctions::new);
    }

    /** Functions that add sums of bfloat16 products to what is there. */
    static PanelFunctions adding(InstructionSet instructions) {
        return ASSEMBLED.computeIfAbsent(new Kind(instructions, PanelForm.BF16, true), PanelFunctions::new);
    }

    /**
     * Multiplies neighbouring panels with some inputs. The caller answers for the addresses.
     *
     * @param outputs float32, of the first panel's first row for the first input
     */
    void call(Panels panels, Rows inputs, int count, Rows outputs) {
        for (int first = 0; first < count; first += mostInputs) {
            int together = Math.min(mostInputs, count - first);
            call(entry + (together - 1) * SLOT, panels, inputs.from(first), outputs.from(first));
        }
    }

    private static void call(long function, Panels panels, Rows inputs, Rows outputs) {
        try {
            CALL.invokeExact(
                    MemorySegment.ofAddress(function),
                    panels.address(),
                    inputs.first(),
                    inputs.stride(),
                    outputs.first(),
                    outputs.stride(),
                    (long) panels.steps(),
                    (long) panels.count(),
                    panels.gap());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Panels one after the other.
     *
     * @param gap bytes between the end of one and the next
     */
    record Panels(long address, int steps, int count, long gap) {}

    /**
     * Rows of equal width.
     *
     * @param stride bytes from one to the next
     */
    record Rows(MemorySegment first, long stride) {
        private Rows from(int row) {
            return new Rows(first.asSlice(row * stride), stride);
        }
    }
}
