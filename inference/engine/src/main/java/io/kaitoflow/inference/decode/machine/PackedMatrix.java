package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.StoredMatrix;
import io.kaitoflow.inference.decode.machine.PanelFunctions.Panels;
import io.kaitoflow.inference.decode.machine.PanelFunctions.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/** A stored matrix with its bytes in the order that the machine code reads them, and its rows in the order of the outputs. */
public final class PackedMatrix {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final PanelForm form;
    private final InstructionSet instructions;
    private final PanelFunctions functions;
    private final MemorySegment memory;
    private final int steps;
    private final int panels;
    private final int firstOutput;

    private PackedMatrix(InstructionSet instructions, MemorySegment memory, StoredMatrix stored, int firstOutput) {
        this.form = PanelForm.of(stored.type()).orElseThrow();
        this.instructions = instructions;
        this.functions = PanelFunctions.writing(instructions, form);
        this.memory = memory;
        this.steps = stored.columns() / form.columns();
        this.panels = stored.rows() / PanelForm.ROWS;
        this.firstOutput = firstOutput;
    }

    /** Whether this machine and this code can do it. */
    public static boolean isPossible(StoredMatrix stored) {
        return InstructionSet.best().isPresent()
                && PanelForm.of(stored.type())
                        .filter(form -> stored.columns() % form.columns() == 0)
                        .isPresent()
                && stored.rows() % PanelForm.ROWS == 0;
    }

    /** A packed copy, as large as what was stored. Only where it {@link #isPossible}. */
    public static PackedMatrix of(StoredMatrix stored, PackedMemory memory) {
        return of(stored, memory, InstructionSet.best().orElseThrow());
    }

    static PackedMatrix of(StoredMatrix stored, PackedMemory memory, InstructionSet instructions) {
        int first = IntStream.range(0, stored.rows()).map(stored.place()).min().orElseThrow();
        int[] rows = new int[stored.rows()];
        for (int row = 0; row < rows.length; row++) {
            rows[stored.place().applyAsInt(row) - first] = row;
        }
        PackedMatrix packed =
                new PackedMatrix(instructions, memory.take(stored.bytes().byteSize()), stored, first);
        IntStream.range(0, packed.panels).parallel().forEach(panel -> packed.pack(stored, panel, rows));
        return packed;
    }

    private void pack(StoredMatrix stored, int panel, int[] rows) {
        long rowBytes = stored.type().bytesFor(stored.columns());
        for (int lane = 0; lane < PanelForm.ROWS; lane++) {
            long from = rows[panel * PanelForm.ROWS + lane] * rowBytes;
            long to = panel * panelBytes();
            for (int step = 0; step < steps; step++) {
                packStep(stored.bytes(), from, to, lane);
                from += form.storedBytes();
                to += form.stepBytes();
            }
        }
    }

    private void packStep(MemorySegment stored, long from, long to, int lane) {
        switch (form) {
            case Q4_0 -> {
                packCodes(stored, from + 2, to, lane, 4);
                packHalf(stored, from, to + 256, lane);
            }
            case Q4_1 -> {
                packCodes(stored, from + 4, to, lane, 4);
                packHalf(stored, from, to + 256, lane);
                packHalf(stored, from + 2, to + 288, lane);
            }
            case Q8_0 -> {
                packCodes(stored, from + 2, to, lane, 8);
                packHalf(stored, from, to + 512, lane);
            }
            case BF16 -> packCodes(stored, from, to, lane, 8);
        }
    }

    private void packCodes(MemorySegment stored, long from, long to, int lane, int count) {
        for (int i = 0; i < count; i++) {
            memory.set(INT, to + 64L * i + 4L * lane, packed(stored.get(INT, from + 4L * i)));
        }
    }

    /** Four bytes of codes, or two numbers. */
    private int packed(int stored) {
        // The sign bit turned: 128 more.
        int codes = form == PanelForm.Q8_0 ? stored ^ 0x80808080 : stored;
        return instructions.inputsOf(form) == InputForm.WHOLE ? pairsApart(codes) : codes;
    }

    /** Neighbours come to lie in different halves, the first ones below: bytes 0, 2, 1, 3. */
    private static int pairsApart(int codes) {
        return codes & 0xff0000ff | codes >>> 8 & 0xff00 | (codes & 0xff00) << 8;
    }

    private void packHalf(MemorySegment stored, long from, long to, int lane) {
        memory.set(SHORT, to + 2L * lane, stored.get(SHORT, from));
    }

    private long panelBytes() {
        return (long) steps * form.stepBytes();
    }

    /** What its inputs are rounded to. */
    public InputForm inputs() {
        return instructions.inputsOf(form);
    }

    /** What the inputs of a matrix would be rounded to; only where packing it {@link #isPossible}. */
    public static InputForm inputsOf(StoredMatrix stored) {
        PanelForm form = PanelForm.of(stored.type()).orElseThrow();
        return InstructionSet.best().orElseThrow().inputsOf(form);
    }

    public int columns() {
        return steps * form.columns();
    }

    /** Pieces that can be multiplied apart. */
    public int panels() {
        return panels;
    }

    /**
     * Writes {@code y[i][row] = matrix[row] · x[i]} for the rows of some panels and some inputs, the last of either not among
     * them. What a sum is depends on its row and its input alone.
     *
     * @param x as wide as the matrix, in the form that it wants
     */
    public void product(int firstPanel, int lastPanel, RoundedInputs x, int firstInput, int lastInput, Activations y) {
        int output = firstOutput + firstPanel * PanelForm.ROWS;
        if (lastPanel > panels
                || lastInput > x.count()
                || output + (lastPanel - firstPanel) * PanelForm.ROWS > y.width()) {
            throw new IndexOutOfBoundsException(
                    "Panels to " + lastPanel + " of " + panels + ", inputs to " + lastInput + " of " + x.count());
        }
        int count = lastInput - firstInput;
        if (count == 0) {
            return;
        }
        long stride = (long) Float.BYTES * y.width();
        var some = new Panels(memory.address() + firstPanel * panelBytes(), steps, lastPanel - firstPanel, 0);
        // The slice is checked to hold every sum that the functions write.
        MemorySegment sums = MemorySegment.ofArray(y.values())
                .asSlice(
                        firstInput * stride + Float.BYTES * (long) output,
                        (count - 1) * stride + (long) Float.BYTES * PanelForm.ROWS * some.count());
        functions.call(some, x.rows(inputs(), columns(), firstInput, count), count, new Rows(sums, stride));
    }
}
