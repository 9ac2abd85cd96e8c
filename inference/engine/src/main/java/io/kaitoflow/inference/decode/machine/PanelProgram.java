package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.machine.Assembler.Operation;
import io.kaitoflow.inference.decode.machine.Assembler.Place;
import io.kaitoflow.inference.decode.machine.Assembler.Register;
import java.util.List;

/**
 * The text of a function that multiplies panels with some inputs at once:
 *
 * <pre>void product(panels, inputs, inputStride, outputs, outputStride, steps, panelCount)</pre>
 *
 * Addresses and strides in bytes, in the registers of the System V convention. Each sum is built in the order of the columns,
 * whatever the number of inputs.
 */
final class PanelProgram {
    /** Inputs of one call: as many as there are registers for. */
    static final int MOST_INPUTS = 8;

    private static final Register WEIGHTS = Register.RDI;
    private static final Register INPUTS = Register.RSI;
    private static final Register INPUT_STRIDE = Register.RDX;
    private static final Register OUTPUTS = Register.RCX;
    private static final Register OUTPUT_STRIDE = Register.R8;
    private static final Register STEPS = Register.R9;
    private static final Register INPUTS_FROM_THIRD = Register.R10;
    private static final Register INPUTS_FROM_SIXTH = Register.R11;
    private static final Register STEP = Register.RAX;
    private static final Register PANEL = Register.RBX;
    private static final Register FIRST_INPUT = Register.RBP;
    private static final List<Register> KEPT = List.of(PANEL, FIRST_INPUT);

    /** Of the inputs' upper and lower bytes, one register for each input. */
    private static final int UPPER_SUMS = 8;

    private static final int LOWER_SUMS = 16;
    private static final int LOADED = 24;
    private static final int LOW = 25;
    private static final int HIGH = 26;
    private static final int SCALES = 27;
    private static final int MINIMA = 28;
    private static final int FACTOR = 29;
    private static final int NIBBLE_MASK = 31;

    private final Assembler code = new Assembler();
    private final PanelForm form;
    private final int inputs;
    private final boolean adding;

    private PanelProgram(PanelForm form, int inputs, boolean adding) {
        this.form = form;
        this.inputs = inputs;
        this.adding = adding;
    }

    /**
     * The machine code for 1 to {@link #MOST_INPUTS} inputs.
     *
     * @param adding whether sums begin with what is in the outputs, and not with zero
     */
    static byte[] text(PanelForm form, int inputs, boolean adding) {
        return new PanelProgram(form, inputs, adding).assemble();
    }

    private byte[] assemble() {
        KEPT.forEach(code::push);
        code.load(PANEL, Place.at(Register.RSP, 8 * (1 + KEPT.size())));
        code.move(FIRST_INPUT, INPUTS);
        code.load(STEP, 0x0f0f0f0f);
        code.broadcast(NIBBLE_MASK, STEP);
        int nextPanel = code.here();
        beginPanel();
        int nextStep = code.here();
        step();
        advance();
        code.countDown(STEP, nextStep);
        storeSums();
        code.countDown(PANEL, nextPanel);
        KEPT.reversed().forEach(code::pop);
        code.finish();
        return code.bytes();
    }

    private void beginPanel() {
        beginSums();
        code.move(INPUTS, FIRST_INPUT);
        code.address(INPUTS_FROM_THIRD, new Place(INPUTS, INPUT_STRIDE, 2, 0));
        code.add(INPUTS_FROM_THIRD, INPUT_STRIDE);
        code.address(INPUTS_FROM_SIXTH, new Place(INPUTS_FROM_THIRD, INPUT_STRIDE, 2, 0));
        code.add(INPUTS_FROM_SIXTH, INPUT_STRIDE);
        code.move(STEP, STEPS);
    }

    private void beginSums() {
        code.move(INPUTS, OUTPUTS);
        for (int input = 0; input < inputs; input++) {
            if (adding) {
                code.vector(Operation.LOAD, input, 0, Place.at(INPUTS, 0));
                code.add(INPUTS, OUTPUT_STRIDE);
            } else {
                code.vector(Operation.XOR, input, input, input);
            }
        }
    }

    private void step() {
        clear(UPPER_SUMS);
        switch (form) {
            case Q4_0 -> {
                beginWholeSums(InputForm.FOUR_BIT_START_AT);
                nibbles();
                addWholeSums(4 * 64);
            }
            case Q4_1 -> {
                clear(LOWER_SUMS);
                nibbles();
                addWholeSums(4 * 64);
                addMinima(4 * 64 + 32);
            }
            case Q8_0 -> {
                beginWholeSums(InputForm.EIGHT_BIT_START_AT);
                bytes();
                addWholeSums(8 * 64);
            }
            case BF16 -> pairs();
        }
    }

    private void clear(int sums) {
        for (int sum = sums; sum < sums + inputs; sum++) {
            code.vector(Operation.XOR, sum, sum, sum);
        }
    }

    private void beginWholeSums(int at) {
        for (int input = 0; input < inputs; input++) {
            code.vector(Operation.BROADCAST, LOWER_SUMS + input, 0, input(input, at));
        }
    }

    /** The low halves are the first 16 columns, the high ones the others. */
    private void nibbles() {
        for (int part = 0; part < 4; part++) {
            code.vector(Operation.LOAD, LOADED, 0, Place.at(WEIGHTS, 64 * part));
            code.vector(Operation.AND, LOW, LOADED, NIBBLE_MASK);
            code.shiftRight(HIGH, LOADED, 4);
            code.vector(Operation.AND, HIGH, HIGH, NIBBLE_MASK);
            dotBytes(LOW, 4 * part);
            dotBytes(HIGH, 16 + 4 * part);
        }
    }

    private void bytes() {
        for (int part = 0; part < 8; part++) {
            int loaded = LOADED + part % 3;
            code.vector(Operation.LOAD, loaded, 0, Place.at(WEIGHTS, 64 * part));
            dotBytes(loaded, 4 * part);
        }
    }

    private void dotBytes(int weights, int at) {
        for (int input = 0; input < inputs; input++) {
            code.broadcasting(Operation.DOT_BYTES, UPPER_SUMS + input, weights, input(input, at));
            code.broadcasting(Operation.DOT_BYTES, LOWER_SUMS + input, weights, input(input, InputForm.LOWER_AT + at));
        }
    }

    private void addWholeSums(int scalesAt) {
        code.vector(Operation.HALF_TO_FLOAT, SCALES, 0, Place.at(WEIGHTS, scalesAt));
        for (int input = 0; input < inputs; input++) {
            int sum = UPPER_SUMS + input;
            int factor = FACTOR + input % 2;
            code.shiftLeft(sum, sum, Byte.SIZE);
            code.vector(Operation.ADD_INTS, sum, sum, LOWER_SUMS + input);
            code.vector(Operation.INT_TO_FLOAT, sum, 0, sum);
            code.broadcasting(Operation.MULTIPLY, factor, SCALES, input(input, InputForm.SCALE_AT));
            code.vector(Operation.MULTIPLY_ADD, input, sum, factor);
        }
    }

    private void addMinima(int at) {
        code.vector(Operation.HALF_TO_FLOAT, MINIMA, 0, Place.at(WEIGHTS, at));
        for (int input = 0; input < inputs; input++) {
            code.broadcasting(Operation.MULTIPLY_ADD, input, MINIMA, input(input, InputForm.SCALED_SUM_AT));
        }
    }

    private void pairs() {
        for (int part = 0; part < 8; part++) {
            int loaded = LOADED + part % 4;
            code.vector(Operation.LOAD, loaded, 0, Place.at(WEIGHTS, 64 * part));
            for (int input = 0; input < inputs; input++) {
                code.broadcasting(Operation.DOT_BFLOAT16, input, loaded, input(input, 4 * part));
            }
        }
    }

    private void advance() {
        code.add(WEIGHTS, form.stepBytes());
        for (Register inputs : List.of(INPUTS, INPUTS_FROM_THIRD, INPUTS_FROM_SIXTH)) {
            code.add(inputs, form.inputs().stepBytes());
        }
    }

    private void storeSums() {
        code.move(INPUTS, OUTPUTS);
        for (int input = 0; input < inputs; input++) {
            code.vector(Operation.STORE, input, 0, Place.at(INPUTS, 0));
            code.add(INPUTS, OUTPUT_STRIDE);
        }
        code.add(OUTPUTS, Float.BYTES * PanelForm.ROWS);
    }

    /** Three registers with the multiples 0, 1 and 2 of the stride reach eight inputs. */
    private static Place input(int number, int offset) {
        Register base = List.of(INPUTS, INPUTS_FROM_THIRD, INPUTS_FROM_SIXTH).get(number / 3);
        return number % 3 == 0 ? Place.at(base, offset) : new Place(base, INPUT_STRIDE, number % 3, offset);
    }
}
