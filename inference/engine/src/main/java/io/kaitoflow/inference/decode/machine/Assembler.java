package io.kaitoflow.inference.decode.machine;

import java.io.ByteArrayOutputStream;

/**
 * Writes x86-64 instructions: the few of the general registers that loops need, and any AVX2 or AVX-512 instruction on whole
 * registers of one width, which are given by number, 0 to 15 or 31.
 */
final class Assembler {
    private static final int ESCAPE_0F = 1;
    private static final int ESCAPE_0F38 = 2;
    private static final int ESCAPE_0F3A = 3;
    /** What the field for the size of an operand says. */
    private static final int BITS_128 = 0;

    private static final int BITS_256 = 1;
    private static final int BITS_512 = 2;
    private static final int NO_REGISTER = 0;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final Width width;

    Assembler(Width width) {
        this.width = width;
    }

    /** Of the vector registers. */
    enum Width {
        /** 16 registers; instructions in the form VEX. */
        BITS_256,
        /** 32 registers; instructions in the form EVEX. */
        BITS_512
    }

    /** The general registers by their numbers. */
    enum Register {
        RAX,
        RCX,
        RDX,
        RBX,
        RSP,
        RBP,
        RSI,
        RDI,
        R8,
        R9,
        R10,
        R11,
        R12,
        R13,
        R14,
        R15
    }

    /** What stands before an operation code. */
    enum Prefix {
        NONE,
        P66,
        F3,
        F2
    }

    /**
     * An instruction.
     *
     * @param unit bytes by which the processor multiplies a short offset in 512-bit instructions: what these read of memory
     */
    enum Operation {
        LOAD(ESCAPE_0F, Prefix.F3, 0x6f, 64),
        STORE(ESCAPE_0F, Prefix.NONE, 0x11, 64),
        AND(ESCAPE_0F, Prefix.P66, 0xdb, 64),
        XOR(ESCAPE_0F, Prefix.P66, 0xef, 64),
        ADD_INTS(ESCAPE_0F, Prefix.P66, 0xfe, 64),
        /** Of 16-bit lanes; what is done stands in place of a register. */
        SHIFT_16(ESCAPE_0F, Prefix.P66, 0x71, 64),
        /** Of 32-bit lanes; what is done stands in place of a register. */
        SHIFT_32(ESCAPE_0F, Prefix.P66, 0x72, 64),
        /** Ones in each 16-bit lane whose numbers are equal; 256-bit only. */
        EQUAL_16(ESCAPE_0F, Prefix.P66, 0x75, 32),
        /** Each 32-bit lane the sum of two products of signed 16-bit numbers. */
        MULTIPLY_PAIRS(ESCAPE_0F, Prefix.P66, 0xf5, 64),
        BROADCAST(ESCAPE_0F38, Prefix.P66, 0x58, 4),
        /** Adds to each 32-bit lane the four products of unsigned bytes with signed bytes. */
        DOT_BYTES(ESCAPE_0F38, Prefix.P66, 0x50, 64),
        /** Adds to each float32 lane the two products of bfloat16 numbers. */
        DOT_BFLOAT16(ESCAPE_0F38, Prefix.F3, 0x52, 64),
        HALF_TO_FLOAT(ESCAPE_0F38, Prefix.P66, 0x13, 32),
        INT_TO_FLOAT(ESCAPE_0F, Prefix.NONE, 0x5b, 64),
        MULTIPLY(ESCAPE_0F, Prefix.NONE, 0x59, 64),
        MULTIPLY_ADD(ESCAPE_0F38, Prefix.P66, 0xb8, 64),
        ADD(ESCAPE_0F, Prefix.NONE, 0x58, 64),
        /** Of the lowest four lanes alone; 512-bit registers only, as all that follow. */
        DIVIDE_FOUR(ESCAPE_0F, Prefix.NONE, 0x5e, 16, BITS_128),
        /** The lowest lane, to all. */
        SPREAD(ESCAPE_0F38, Prefix.P66, 0x18, 4),
        SUBTRACT_INTS(ESCAPE_0F, Prefix.P66, 0xfa, 64),
        /** The greater of signed numbers. */
        GREATER_INTS(ESCAPE_0F38, Prefix.P66, 0x3d, 64),
        /** Quarters of one source, then of the other, as two bits each choose. */
        CHOOSE_QUARTERS(ESCAPE_0F3A, Prefix.P66, 0x43, 64),
        /** Lanes within each quarter, as two bits each choose. */
        CHOOSE_LANES(ESCAPE_0F, Prefix.P66, 0x70, 64),
        /** The low bytes of 32-bit lanes; the register is what is stored. */
        STORE_LOW_BYTES(ESCAPE_0F38, Prefix.F3, 0x31, 16),
        STORE_LOWEST_LANE(ESCAPE_0F, Prefix.F3, 0x11, 4),
        /** To the lower half of a register. */
        FLOAT_TO_BFLOAT16(ESCAPE_0F38, Prefix.F3, 0x72, 64),
        STORE_LOWER_HALF(ESCAPE_0F, Prefix.F3, 0x7f, 32, BITS_256);

        private final int escape;
        private final Prefix prefix;
        private final int code;
        private final int unit;
        private final int size;

        Operation(int escape, Prefix prefix, int code, int unit) {
            this(escape, prefix, code, unit, BITS_512);
        }

        Operation(int escape, Prefix prefix, int code, int unit, int size) {
            this.escape = escape;
            this.prefix = prefix;
            this.code = code;
            this.unit = unit;
            this.size = size;
        }
    }

    /** A place in memory: {@code base + index * scale + offset}. */
    record Place(Register base, Register index, int scale, int offset) {
        static Place at(Register base, int offset) {
            // RSP as an index means none.
            return new Place(base, Register.RSP, 1, offset);
        }

        Place plus(int more) {
            return new Place(base, index, scale, offset + more);
        }
    }

    byte[] bytes() {
        return code.toByteArray();
    }

    /** Where the next instruction will stand. */
    int here() {
        return code.size();
    }

    /** {@code target = source1 op source2}; instructions of one source take 0 for the first. */
    void vector(Operation operation, int target, int first, int second) {
        prefix(operation, target, first, ((~second >> 3) & 1) << 5 | ((~second >> 4) & 1) << 6, false);
        code.write(0xc0 | (target & 7) << 3 | second & 7);
    }

    /** {@code target = source1 op source2} with a number that says how. */
    void vector(Operation operation, int target, int first, int second, int how) {
        vector(operation, target, first, second);
        code.write(how);
    }

    /** {@code target = source1 op memory}. */
    void vector(Operation operation, int target, int first, Place second) {
        memory(operation, target, first, second, false);
    }

    /** {@code target = source1 op memory}, where a 32-bit number of the memory is meant for all lanes; 512-bit only. */
    void broadcasting(Operation operation, int target, int first, Place second) {
        memory(operation, target, first, second, true);
    }

    /** {@code target = source >> bits} in each 16-bit lane, zeros coming in. */
    void shiftRight16(int target, int source, int bits) {
        shift(Operation.SHIFT_16, 2, target, source, bits);
    }

    /** {@code target = source >> bits} in each 32-bit lane, zeros coming in. */
    void shiftRight(int target, int source, int bits) {
        shift(Operation.SHIFT_32, 2, target, source, bits);
    }

    /** {@code target = source >> bits} in each 32-bit lane, the sign coming in. */
    void shiftRightSigned(int target, int source, int bits) {
        shift(Operation.SHIFT_32, 4, target, source, bits);
    }

    /** {@code target = source << bits} in each 32-bit lane. */
    void shiftLeft(int target, int source, int bits) {
        shift(Operation.SHIFT_32, 6, target, source, bits);
    }

    private void shift(Operation operation, int what, int target, int source, int bits) {
        prefix(operation, what, target, ((~source >> 3) & 1) << 5 | ((~source >> 4) & 1) << 6, false);
        code.write(0xc0 | what << 3 | source & 7);
        code.write(bits);
    }

    private void memory(Operation operation, int target, int first, Place place, boolean broadcast) {
        int base = place.base().ordinal();
        int index = place.index().ordinal();
        prefix(operation, target, first, ((~base >> 3) & 1) << 5 | ((~index >> 3) & 1) << 6, broadcast);
        int unit = broadcast ? Float.BYTES : operation.unit;
        address(target & 7, place, width == Width.BITS_512 ? unit : 1);
    }

    /** @param lowBits the inverted high bits of the operand in the place of X and B */
    private void prefix(Operation operation, int target, int first, int lowBits, boolean broadcast) {
        switch (width) {
            case BITS_256 -> vex(operation, target, first, lowBits);
            case BITS_512 -> evex(operation, target, first, lowBits, broadcast);
        }
    }

    /** Always in three bytes, which serves every register. */
    private void vex(Operation operation, int target, int first, int lowBits) {
        code.write(0xc4);
        code.write(((~target >> 3) & 1) << 7 | lowBits | operation.escape);
        code.write((~first & 15) << 3 | 1 << 2 | operation.prefix.ordinal());
        code.write(operation.code);
    }

    private void evex(Operation operation, int target, int first, int lowBits, boolean broadcast) {
        code.write(0x62);
        code.write(((~target >> 3) & 1) << 7 | lowBits | ((~target >> 4) & 1) << 4 | operation.escape);
        code.write((~first & 15) << 3 | 4 | operation.prefix.ordinal());
        code.write(operation.size << 5 | (broadcast ? 1 << 4 : 0) | ((~first >> 4) & 1) << 3);
        code.write(operation.code);
    }

    /** The operand's bytes, always in the form with an index and an offset, which serves every register. */
    private void address(int field, Place place, int unit) {
        boolean isShort = place.offset() % unit == 0 && Math.abs(place.offset() / unit) < 128;
        code.write((isShort ? 0x44 : 0x84) | field << 3);
        code.write(Integer.numberOfTrailingZeros(place.scale()) << 6
                | (place.index().ordinal() & 7) << 3
                | place.base().ordinal() & 7);
        if (isShort) {
            code.write(place.offset() / unit);
        } else {
            write32(place.offset());
        }
    }

    private void write32(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            code.write(value >> shift);
        }
    }

    /** {@code target = source}. */
    void move(Register target, Register source) {
        wide(source.ordinal(), NO_REGISTER, target.ordinal());
        code.write(0x89);
        code.write(0xc0 | (source.ordinal() & 7) << 3 | target.ordinal() & 7);
    }

    /** Reads 64 bits. */
    void load(Register target, Place place) {
        ofPlace(0x8b, target, place);
    }

    /** {@code target = } the address of the place. */
    void address(Register target, Place place) {
        ofPlace(0x8d, target, place);
    }

    private void ofPlace(int operation, Register target, Place place) {
        wide(target.ordinal(), place.index().ordinal(), place.base().ordinal());
        code.write(operation);
        address(target.ordinal() & 7, place, 1);
    }

    /** {@code target += source}. */
    void add(Register target, Register source) {
        wide(source.ordinal(), NO_REGISTER, target.ordinal());
        code.write(0x01);
        code.write(0xc0 | (source.ordinal() & 7) << 3 | target.ordinal() & 7);
    }

    /** {@code target += } the 64 bits of the place. */
    void add(Register target, Place place) {
        ofPlace(0x03, target, place);
    }

    /** {@code target += value}. */
    void add(Register target, int value) {
        wide(0, NO_REGISTER, target.ordinal());
        code.write(0x81);
        code.write(0xc0 | target.ordinal() & 7);
        write32(value);
    }

    /** {@code target = (int) value} in 32 bits. */
    void load(Register target, int value) {
        code.write(0xb8 | target.ordinal());
        write32(value);
    }

    /** Copies the low half of a register to all 32-bit lanes; 512-bit only. */
    void broadcast(int target, Register source) {
        Operation fromRegister = Operation.BROADCAST;
        code.write(0x62);
        code.write(((~target >> 3) & 1) << 7
                | 1 << 6
                | ((~source.ordinal() >> 3) & 1) << 5
                | ((~target >> 4) & 1) << 4
                | fromRegister.escape);
        code.write(0x78 | 4 | fromRegister.prefix.ordinal() | 1);
        code.write(2 << 5 | 1 << 3);
        code.write(0x7c);
        code.write(0xc0 | (target & 7) << 3 | source.ordinal() & 7);
    }

    /** One less, then back to {@code target} unless that makes zero. */
    void countDown(Register counter, int target) {
        wide(0, NO_REGISTER, counter.ordinal());
        code.write(0xff);
        code.write(0xc8 | counter.ordinal() & 7);
        code.write(0x0f);
        code.write(0x85);
        write32(target - here() - Integer.BYTES);
    }

    void push(Register register) {
        if (register.ordinal() > 7) {
            code.write(0x41);
        }
        code.write(0x50 | register.ordinal() & 7);
    }

    void pop(Register register) {
        if (register.ordinal() > 7) {
            code.write(0x41);
        }
        code.write(0x58 | register.ordinal() & 7);
    }

    /** Leaves the upper halves of the vector registers as callers want them, and returns. */
    void finish() {
        code.writeBytes(new byte[] {(byte) 0xc5, (byte) 0xf8, 0x77, (byte) 0xc3});
    }

    private void wide(int register, int index, int base) {
        code.write(0x48 | (register >> 3) << 2 | (index >> 3) << 1 | base >> 3);
    }
}
