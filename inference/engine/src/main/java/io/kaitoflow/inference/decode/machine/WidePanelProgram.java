package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.machine.Assembler.Operation;
import io.kaitoflow.inference.decode.machine.Assembler.Place;
import io.kaitoflow.inference.decode.machine.Assembler.Width;

/** With 512-bit registers: one for the sums of an input with all rows of a panel. */
final class WidePanelProgram extends PanelProgram {
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

    WidePanelProgram(PanelForm form, int inputs, boolean adding) {
        super(new Assembler(Width.BITS_512), InstructionSet.AVX512.inputsOf(form), form, inputs, adding);
    }

    @Override
    void begin() {
        code.load(STEP, 0x0f0f0f0f);
        code.broadcast(NIBBLE_MASK, STEP);
    }

    @Override
    void beginSums() {
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

    @Override
    void step() {
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
            code.shiftRight16(HIGH, LOADED, 4);
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

    @Override
    void storeSums() {
        code.move(INPUTS, OUTPUTS);
        for (int input = 0; input < inputs; input++) {
            code.vector(Operation.STORE, input, 0, Place.at(INPUTS, 0));
            code.add(INPUTS, OUTPUT_STRIDE);
        }
    }
}
