package io.kaitoflow.activities.tuning.nf4;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * A frozen matrix in 4-bit NormalFloat: blocks of 64 consecutive elements of the row-major matrix, which ignore row
 * ends, share a scale. Nobody writes to its memory once it is made.
 *
 * @param rows   outputs of the linear layer
 * @param columns its inputs
 * @param packed two codes a byte, the even element in the high half; an odd end is padded with the code of zero
 * @param scales one for each block
 */
public record Nf4Tensor(int rows, int columns, MemorySegment packed, BlockScales scales) {

    /** Elements that share a scale. */
    public static final int BLOCK = 64;

    public Nf4Tensor {
        long elements = (long) rows * columns;
        if (packed.byteSize() != Math.ceilDiv(elements, 2) || scales.blocks() != Math.ceilDiv(elements, BLOCK)) {
            throw new IllegalArgumentException("A %d x %d matrix needs %d packed bytes and %d scales, got %d and %d"
                    .formatted(
                            rows,
                            columns,
                            Math.ceilDiv(elements, 2),
                            Math.ceilDiv(elements, BLOCK),
                            packed.byteSize(),
                            scales.blocks()));
        }
    }

    /** How many weights it holds. */
    public long elements() {
        return (long) rows * columns;
    }

    /** Bytes of codes and scales. */
    public long bytes() {
        return packed.byteSize() + scales.bytes();
    }

    /** The 4-bit code of one element. */
    int code(long element) {
        int pair = Byte.toUnsignedInt(packed.get(JAVA_BYTE, element / 2));
        return element % 2 == 0 ? pair >>> 4 : pair & 0xf;
    }
}
