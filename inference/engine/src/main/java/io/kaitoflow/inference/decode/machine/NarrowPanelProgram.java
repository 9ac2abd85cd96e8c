package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.machine.Assembler.Operation;
import io.kaitoflow.inference.decode.machine.Assembler.Place;
import io.kaitoflow.inference.decode.machine.Assembler.Register;
import io.kaitoflow.inference.decode.machine.Assembler.Width;

/**
 * With 256-bit registers, two for the sums of an input with the upper and the lower eight rows of a panel. Codes become pairs of
 * 16-bit numbers, whose products with pairs of inputs are whole; sums of quantised rows stay in the outputs between steps.
 */
final class NarrowPanelProgram extends PanelProgram {
    /** Registers of all rows of a panel. */
    private static final int HALVES = 2;

    private static final int HALF_BYTES = 32;
    /** Of halves as they are stored, half a panel's. */
    private static final int HALF_SCALES = 16;

    /** Of each input both halves. */
    private static final int SUMS = 0;

    private static final int LOADED = 8;
    private static final int WEIGHTS_OF_PAIR = 10;
    private static final int MASK = 12;
    private static final int SPREAD = 13;
    private static final int PRODUCT = 14;

    /** From here on one and two strides reach the third and the fourth input's outputs. */
    private static final Register OUTPUTS_FROM_SECOND = INPUTS_FROM_SIXTH;

    NarrowPanelProgram(PanelForm form, int inputs, boolean adding) {
        super(new Assembler(Width.BITS_256), InstructionSet.AVX2.inputsOf(form), form, inputs, adding);
    }

    /** The mask leaves the lower 4 or 8 bits of 16-bit lanes, or the upper half of 32-bit lanes. */
    @Override
    void begin() {
        code.vector(Operation.EQUAL_16, MASK, MASK, MASK);
        switch (form) {
            case Q4_0, Q4_1 -> code.shiftRight16(MASK, MASK, 12);
            case Q8_0 -> code.shiftRight16(MASK, MASK, 8);
            case BF16 -> code.shiftLeft(MASK, MASK, 16);
        }
    }

    @Override
    void beginSums() {
        code.address(OUTPUTS_FROM_SECOND, new Place(OUTPUTS, OUTPUT_STRIDE, 1, 0));
        for (int input = 0; input < inputs; input++) {
            for (int half = 0; half < HALVES; half++) {
                if (adding) {
                    code.vector(Operation.LOAD, sum(input, half), 0, output(input, half));
                } else {
                    clear(sum(input, half));
                }
            }
        }
        if (isQuantised()) {
            storeAll();
        }
    }

    private boolean isQuantised() {
        return form != PanelForm.BF16;
    }

    @Override
    void step() {
        switch (form) {
            case Q4_0 -> {
                beginWholeSums(InputForm.FOUR_BIT_START_AT);
                nibbles();
                addWholeSums(4 * 64);
            }
            case Q4_1 -> {
                for (int sum = SUMS; sum < SUMS + HALVES * inputs; sum++) {
                    clear(sum);
                }
                nibbles();
                addWholeSums(4 * 64);
            }
            case Q8_0 -> {
                beginWholeSums(InputForm.EIGHT_BIT_START_AT);
                bytes();
                addWholeSums(8 * 64);
            }
            case BF16 -> floats();
        }
    }

    @Override
    void storeSums() {
        if (!isQuantised()) {
            storeAll();
        }
    }

    private void storeAll() {
        for (int input = 0; input < inputs; input++) {
            for (int half = 0; half < HALVES; half++) {
                code.vector(Operation.STORE, sum(input, half), 0, output(input, half));
            }
        }
    }

    private void clear(int register) {
        code.vector(Operation.XOR, register, register, register);
    }

    private void beginWholeSums(int at) {
        for (int input = 0; input < inputs; input++) {
            for (int half = 0; half < HALVES; half++) {
                code.vector(Operation.BROADCAST, sum(input, half), 0, input(input, at));
            }
        }
    }

    /** The low halves are the first 16 columns, the high ones the others. */
    private void nibbles() {
        for (int part = 0; part < 4; part++) {
            load(part);
            for (int high = 0; high < 2; high++) {
                for (int pair = 0; pair < 2; pair++) {
                    multiplyPairs(4 * high + 8 * pair, 16 * high + 4 * part + 2 * pair);
                }
            }
        }
    }

    private void bytes() {
        for (int part = 0; part < 8; part++) {
            load(part);
            for (int pair = 0; pair < 2; pair++) {
                multiplyPairs(8 * pair, 4 * part + 2 * pair);
            }
        }
    }

    private void load(int part) {
        for (int half = 0; half < HALVES; half++) {
            code.vector(Operation.LOAD, LOADED + half, 0, Place.at(WEIGHTS, 64 * part + HALF_BYTES * half));
        }
    }

    /** @param bits where the codes of the pair's first column lie in what is loaded */
    private void multiplyPairs(int bits, int column) {
        for (int half = 0; half < HALVES; half++) {
            int weights = WEIGHTS_OF_PAIR + half;
            if (bits > 0) {
                code.shiftRight(weights, LOADED + half, bits);
            }
            code.vector(Operation.AND, weights, bits > 0 ? weights : LOADED + half, MASK);
        }
        for (int input = 0; input < inputs; input++) {
            code.vector(Operation.BROADCAST, SPREAD, 0, input(input, Short.BYTES * column));
            for (int half = 0; half < HALVES; half++) {
                code.vector(Operation.MULTIPLY_PAIRS, PRODUCT + half, WEIGHTS_OF_PAIR + half, SPREAD);
                code.vector(Operation.ADD_INTS, sum(input, half), sum(input, half), PRODUCT + half);
            }
        }
    }

    /** Scales, then minima, if the form has them. */
    private void addWholeSums(int scalesAt) {
        for (int half = 0; half < HALVES; half++) {
            int scales = LOADED;
            int minima = LOADED + 1;
            int at = scalesAt + HALF_SCALES * half;
            code.vector(Operation.HALF_TO_FLOAT, scales, 0, Place.at(WEIGHTS, at));
            if (form == PanelForm.Q4_1) {
                code.vector(Operation.HALF_TO_FLOAT, minima, 0, Place.at(WEIGHTS, at + 2 * HALF_SCALES));
            }
            for (int input = 0; input < inputs; input++) {
                addWholeSum(input, half, scales, minima);
            }
        }
    }

    private void addWholeSum(int input, int half, int scales, int minima) {
        int sum = sum(input, half);
        int total = PRODUCT;
        code.vector(Operation.LOAD, total, 0, output(input, half));
        code.vector(Operation.BROADCAST, SPREAD, 0, input(input, InputForm.SCALE_AT));
        code.vector(Operation.MULTIPLY, SPREAD, SPREAD, scales);
        code.vector(Operation.INT_TO_FLOAT, sum, 0, sum);
        code.vector(Operation.MULTIPLY_ADD, total, sum, SPREAD);
        if (form == PanelForm.Q4_1) {
            code.vector(Operation.BROADCAST, SPREAD, 0, input(input, InputForm.SCALED_SUM_AT));
            code.vector(Operation.MULTIPLY_ADD, total, minima, SPREAD);
        }
        code.vector(Operation.STORE, total, 0, output(input, half));
    }

    /** Of two neighbouring columns the first is the lower half of a lane. */
    private void floats() {
        for (int part = 0; part < 8; part++) {
            load(part);
            for (int half = 0; half < HALVES; half++) {
                code.shiftLeft(WEIGHTS_OF_PAIR + half, LOADED + half, Short.SIZE);
                code.vector(Operation.AND, LOADED + half, LOADED + half, MASK);
            }
            for (int input = 0; input < inputs; input++) {
                code.vector(Operation.BROADCAST, SPREAD, 0, input(input, 4 * part));
                code.shiftLeft(PRODUCT, SPREAD, Short.SIZE);
                code.vector(Operation.AND, SPREAD, SPREAD, MASK);
                for (int half = 0; half < HALVES; half++) {
                    code.vector(Operation.MULTIPLY_ADD, sum(input, half), WEIGHTS_OF_PAIR + half, PRODUCT);
                    code.vector(Operation.MULTIPLY_ADD, sum(input, half), LOADED + half, SPREAD);
                }
            }
        }
    }

    private static int sum(int input, int half) {
        return SUMS + HALVES * input + half;
    }

    private static Place output(int input, int half) {
        int offset = HALF_BYTES * half;
        return input < 2 ? outputAfter(OUTPUTS, input, offset) : outputAfter(OUTPUTS_FROM_SECOND, input - 1, offset);
    }

    private static Place outputAfter(Register base, int strides, int offset) {
        return strides == 0 ? Place.at(base, offset) : new Place(base, OUTPUT_STRIDE, strides, offset);
    }
}
