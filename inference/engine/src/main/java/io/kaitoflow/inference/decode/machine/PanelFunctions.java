package io.kaitoflow.inference.decode.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/** The assembled functions of one form, one for each number of inputs. */
final class PanelFunctions {
    private static final int SLOT = 2048;
    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(
                    FunctionDescriptor.ofVoid(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.critical(true));

    private final long entry;

    private PanelFunctions(PanelForm form, boolean adding) {
        ByteBuffer text = ByteBuffer.allocate(PanelProgram.MOST_INPUTS * SLOT);
        for (int inputs = 1; inputs <= PanelProgram.MOST_INPUTS; inputs++) {
            text.put((inputs - 1) * SLOT, PanelProgram.text(form, inputs, adding));
        }
        entry = SystemMemory.executable(text.array()).address();
    }

    /** Functions that write sums; assembled at the first call. */
    static PanelFunctions of(PanelForm form) {
        return switch (form) {
            case Q4_0 -> OfQ40.WRITING;
            case Q4_1 -> OfQ41.WRITING;
            case Q8_0 -> OfQ80.WRITING;
            case BF16 -> OfBf16.WRITING;
        };
    }

    /** Functions that add sums of bfloat16 products to what is there. */
    static PanelFunctions adding() {
        return AddingBf16.ADDING;
    }

    /**
     * Multiplies neighbouring panels with 1 to {@link PanelProgram#MOST_INPUTS} inputs. The caller answers for the addresses.
     *
     * @param outputs float32, of the first panel's first row for the first input
     */
    void call(Panels panels, Rows inputs, int count, Rows outputs) {
        try {
            CALL.invokeExact(
                    MemorySegment.ofAddress(entry + (count - 1) * SLOT),
                    panels.address(),
                    inputs.first(),
                    inputs.stride(),
                    outputs.first(),
                    outputs.stride(),
                    (long) panels.steps(),
                    (long) panels.count());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Panels one after the other. */
    record Panels(long address, int steps, int count) {}

    /**
     * Rows of equal width.
     *
     * @param stride bytes from one to the next
     */
    record Rows(MemorySegment first, long stride) {}

    private static final class OfQ40 {
        static final PanelFunctions WRITING = new PanelFunctions(PanelForm.Q4_0, false);
    }

    private static final class OfQ41 {
        static final PanelFunctions WRITING = new PanelFunctions(PanelForm.Q4_1, false);
    }

    private static final class OfQ80 {
        static final PanelFunctions WRITING = new PanelFunctions(PanelForm.Q8_0, false);
    }

    private static final class OfBf16 {
        static final PanelFunctions WRITING = new PanelFunctions(PanelForm.BF16, false);
    }

    private static final class AddingBf16 {
        static final PanelFunctions ADDING = new PanelFunctions(PanelForm.BF16, true);
    }
}
