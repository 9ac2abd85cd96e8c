package io.kaitoflow.inference.decode.kernel;

import io.kaitoflow.inference.weights.ElementType;
import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;

/**
 * A matrix as it lies in its file.
 *
 * @param bytes all of it, row after row
 * @param place where the output of a stored row belongs in the result, since files order rows in their own ways
 */
public record StoredMatrix(MemorySegment bytes, ElementType type, int rows, int columns, IntUnaryOperator place) {
    /** The rows' values are whole vectors and whole blocks. */
    static final int COLUMN_STEP = 32;

    long rowBytes() {
        return type.bytesFor(columns);
    }

    long offset(int row) {
        return row * rowBytes();
    }

    /** Whether there is a kernel for it. */
    public boolean isComputable() {
        return columns % COLUMN_STEP == 0
                && rows >= FloatTile.ROWS
                && switch (type) {
                    case F32, F16, BF16, Q4_0, Q4_1, Q8_0 -> true;
                    case F64, I64, I32, I16, I8, U8, BOOL -> false;
                };
    }

    RowKernel kernel() {
        return switch (type) {
            case Q4_1 -> Kernels.Q4_1;
            case Q4_0 -> Kernels.Q4_0;
            case Q8_0 -> Kernels.Q8_0;
            case BF16 -> Kernels.BF16;
            case F32 -> Kernels.F32;
            case F16 -> Kernels.F16;
            case F64, I64, I32, I16, I8, U8, BOOL -> throw new IllegalArgumentException("No kernel for " + type);
        };
    }

    /** Holder of the kernels, which have no state. */
    private static final class Kernels {
        static final RowKernel Q4_1 = new Q41Rows();
        static final RowKernel Q4_0 = new Q40Rows();
        static final RowKernel Q8_0 = new Q80Rows();
        static final RowKernel BF16 = new Bf16Rows();
        static final RowKernel F32 = new F32Rows();
        static final RowKernel F16 = new F16Rows();
    }
}
