package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.machine.Assembler.Place;
import io.kaitoflow.inference.decode.machine.Assembler.Register;
import java.util.List;

/**
 * The text of a function that multiplies panels with some inputs at once:
 *
 * <pre>void product(panels, inputs, inputStride, outputs, outputStride, steps, panelCount, panelGap)</pre>
 *
 * Addresses, strides and the gap between a panel and the next in bytes, as the System V convention hands them over. Each sum is built in the order of the columns,
 * whatever the number of inputs.
 */
abstract class PanelProgram {
    static final Register WEIGHTS = Register.RDI;
    static final Register INPUTS = Register.RSI;
    static final Register OUTPUTS = Register.RCX;
    static final Register OUTPUT_STRIDE = Register.R8;
    /** Free where inputs are fewer than seven. */
    static final Register INPUTS_FROM_SIXTH = Register.R11;
    /** Free outside the steps of a panel. */
    static final Register STEP = Register.RAX;

    private static final Register INPUT_STRIDE = Register.RDX;
    private static final Register STEPS = Register.R9;
    private static final Register INPUTS_FROM_THIRD = Register.R10;
    private static final Register PANEL = Register.RBX;
    private static final Register FIRST_INPUT = Register.RBP;
    private static final List<Register> KEPT = List.of(PANEL, FIRST_INPUT);

    final Assembler code;
    final PanelForm form;
    final int inputs;
    final boolean adding;

    private final InputForm inputForm;

    /** @param adding whether sums begin with what is in the outputs, and not with zero */
    PanelProgram(Assembler code, InputForm inputForm, PanelForm form, int inputs, boolean adding) {
        this.code = code;
        this.inputForm = inputForm;
        this.form = form;
        this.inputs = inputs;
        this.adding = adding;
    }

    /** The machine code. */
    final byte[] text() {
        KEPT.forEach(code::push);
        code.load(PANEL, onStack(0));
        code.move(FIRST_INPUT, INPUTS);
        begin();
        int nextPanel = code.here();
        beginSums();
        beginSteps();
        int nextStep = code.here();
        step();
        advance();
        code.countDown(STEP, nextStep);
        storeSums();
        code.add(WEIGHTS, onStack(1));
        code.add(OUTPUTS, Float.BYTES * PanelForm.ROWS);
        code.countDown(PANEL, nextPanel);
        KEPT.reversed().forEach(code::pop);
        code.finish();
        return code.bytes();
    }

    /** An argument that no register was left for. */
    private static Place onStack(int number) {
        return Place.at(Register.RSP, Long.BYTES * (1 + KEPT.size() + number));
    }

    /** Registers that stay as they are. */
    abstract void begin();

    /** Of a panel. */
    abstract void beginSums();

    /** Adds a step's products to the sums. */
    abstract void step();

    abstract void storeSums();

    private void beginSteps() {
        code.move(INPUTS, FIRST_INPUT);
        for (Register further : furtherInputs()) {
            boolean third = further == INPUTS_FROM_THIRD;
            code.address(further, new Place(third ? INPUTS : INPUTS_FROM_THIRD, INPUT_STRIDE, 2, 0));
            code.add(further, INPUT_STRIDE);
        }
        code.move(STEP, STEPS);
    }

    private List<Register> furtherInputs() {
        return List.of(INPUTS_FROM_THIRD, INPUTS_FROM_SIXTH).subList(0, (inputs - 1) / 3);
    }

    private void advance() {
        code.add(WEIGHTS, form.stepBytes());
        code.add(INPUTS, inputForm.stepBytes());
        furtherInputs().forEach(further -> code.add(further, inputForm.stepBytes()));
    }

    /** Three registers with the multiples 0, 1 and 2 of the stride reach eight inputs. */
    static Place input(int number, int offset) {
        Register base = List.of(INPUTS, INPUTS_FROM_THIRD, INPUTS_FROM_SIXTH).get(number / 3);
        return number % 3 == 0 ? Place.at(base, offset) : new Place(base, INPUT_STRIDE, number % 3, offset);
    }
}
