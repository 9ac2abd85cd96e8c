package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.machine.Assembler.Operation;
import io.kaitoflow.inference.decode.machine.Assembler.Place;
import io.kaitoflow.inference.decode.machine.Assembler.Register;
import io.kaitoflow.inference.decode.machine.Assembler.Width;

/**
 * The text of a function that rounds a row, with 512-bit registers:
 *
 * <pre>void round(numbers, rounded, steps)</pre>
 */
final class RoundingProgram {
    private static final Register NUMBERS = Register.RDI;
    private static final Register ROUNDED = Register.RSI;
    private static final Register STEPS = Register.RDX;
    private static final Register CONSTANT = Register.RAX;

    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final int GREATEST = 2;
    private static final int SCALE = 3;
    private static final int INVERSE = 4;
    private static final int SUM = 5;
    private static final int SCALED_SUM = 6;
    private static final int UPPER = 7;
    private static final int SCRATCH = 8;
    private static final int ZERO = 25;
    private static final int SMALLEST = 26;
    private static final int HALF_OF_UPPER = 27;
    private static final int MOST = 28;
    private static final int MAGNITUDE = 29;
    private static final int ROUNDER = 30;

    /** Halves change places, then neighbouring quarters; the same of the lanes of a quarter. */
    private static final int OTHER_HALF = 0x4e;

    private static final int OTHER_NEIGHBOUR = 0xb1;

    private final Assembler code = new Assembler(Width.BITS_512);
    private final InputForm form;

    /** @param form one whose numbers are in two parts, or bfloat16 */
    RoundingProgram(InputForm form) {
        this.form = form;
    }

    byte[] text() {
        if (form == InputForm.WHOLE_SPLIT) {
            constants();
        }
        int nextStep = code.here();
        if (form == InputForm.WHOLE_SPLIT) {
            wholeNumbers();
        } else {
            bfloat16();
        }
        code.add(NUMBERS, Float.BYTES * form.columns());
        code.add(ROUNDED, form.stepBytes());
        code.countDown(STEPS, nextStep);
        code.finish();
        return code.bytes();
    }

    private void constants() {
        constant(ROUNDER, WholeNumbers.ROUNDER_BITS);
        constant(MAGNITUDE, WholeNumbers.MAGNITUDE);
        constant(MOST, Float.floatToRawIntBits(WholeNumbers.MOST));
        constant(HALF_OF_UPPER, WholeNumbers.HALF_OF_UPPER);
        constant(SMALLEST, WholeNumbers.SMALLEST_BITS);
        constant(ZERO, 0);
    }

    private void constant(int target, int value) {
        code.load(CONSTANT, value);
        code.broadcast(target, CONSTANT);
    }

    private void bfloat16() {
        code.vector(Operation.LOAD, FIRST, 0, Place.at(NUMBERS, 0));
        code.vector(Operation.FLOAT_TO_BFLOAT16, FIRST, 0, FIRST);
        code.vector(Operation.STORE_LOWER_HALF, FIRST, 0, Place.at(ROUNDED, 0));
    }

    private void wholeNumbers() {
        code.vector(Operation.LOAD, FIRST, 0, Place.at(NUMBERS, 0));
        code.vector(Operation.LOAD, SECOND, 0, Place.at(NUMBERS, 64));
        greatest();
        code.vector(Operation.DIVIDE_FOUR, SCALE, GREATEST, MOST);
        code.vector(Operation.DIVIDE_FOUR, INVERSE, MOST, GREATEST);
        code.vector(Operation.SPREAD, INVERSE, 0, INVERSE);
        codes(FIRST);
        codes(SECOND);
        sums();
        parts(FIRST, 0);
        parts(SECOND, 16);
    }

    /** The bits of magnitudes are ordered as these are. */
    private void greatest() {
        code.vector(Operation.AND, GREATEST, FIRST, MAGNITUDE);
        code.vector(Operation.AND, SCRATCH, SECOND, MAGNITUDE);
        code.vector(Operation.GREATER_INTS, GREATEST, GREATEST, SCRATCH);
        ofAllLanes(Operation.GREATER_INTS, GREATEST);
        code.vector(Operation.GREATER_INTS, GREATEST, GREATEST, SMALLEST);
    }

    /** Leaves the result in every lane. */
    private void ofAllLanes(Operation operation, int register) {
        for (Operation choice : new Operation[] {Operation.CHOOSE_QUARTERS, Operation.CHOOSE_LANES}) {
            for (int how : new int[] {OTHER_HALF, OTHER_NEIGHBOUR}) {
                // Lanes are chosen of one source.
                int first = choice == Operation.CHOOSE_QUARTERS ? register : 0;
                code.vector(choice, SCRATCH, first, register, how);
                code.vector(operation, register, register, SCRATCH);
            }
        }
    }

    private void codes(int register) {
        code.vector(Operation.MULTIPLY, register, register, INVERSE);
        code.vector(Operation.ADD, register, register, ROUNDER);
        code.vector(Operation.SUBTRACT_INTS, register, register, ROUNDER);
    }

    private void sums() {
        code.vector(Operation.ADD_INTS, SUM, FIRST, SECOND);
        ofAllLanes(Operation.ADD_INTS, SUM);
        code.vector(Operation.INT_TO_FLOAT, SCALED_SUM, 0, SUM);
        code.vector(Operation.MULTIPLY, SCALED_SUM, SCALED_SUM, SCALE);
        store(SCALE, InputForm.SCALE_AT);
        store(SCALED_SUM, InputForm.SCALED_SUM_AT);
        storeNegative(Integer.numberOfTrailingZeros(8), InputForm.FOUR_BIT_START_AT);
        storeNegative(Integer.numberOfTrailingZeros(128), InputForm.EIGHT_BIT_START_AT);
    }

    private void storeNegative(int shift, int at) {
        code.shiftLeft(SCRATCH, SUM, shift);
        code.vector(Operation.SUBTRACT_INTS, SCRATCH, ZERO, SCRATCH);
        store(SCRATCH, at);
    }

    private void store(int register, int at) {
        code.vector(Operation.STORE_LOWEST_LANE, register, 0, Place.at(ROUNDED, at));
    }

    private void parts(int register, int at) {
        code.vector(Operation.ADD_INTS, UPPER, register, HALF_OF_UPPER);
        code.shiftRightSigned(UPPER, UPPER, Byte.SIZE);
        code.shiftLeft(SCRATCH, UPPER, Byte.SIZE);
        code.vector(Operation.SUBTRACT_INTS, register, register, SCRATCH);
        code.vector(Operation.STORE_LOW_BYTES, UPPER, 0, Place.at(ROUNDED, at));
        code.vector(Operation.STORE_LOW_BYTES, register, 0, Place.at(ROUNDED, InputForm.LOWER_AT + at));
    }
}
