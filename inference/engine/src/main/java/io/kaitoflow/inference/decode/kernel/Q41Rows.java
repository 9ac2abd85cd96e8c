package io.kaitoflow.inference.decode.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Blocks of a scale, a minimum and 32 four-bit codes. */
final class Q41Rows implements RowKernel {
    @Override
    public void dot4(StoredMatrix matrix, int row, float[] x, int xAt, float[] out) {
        dot2(matrix, matrix.offset(row), x, xAt, out, 0);
        dot2(matrix, matrix.offset(row + 2), x, xAt, out, 2);
    }

    /** Two rows: with more in one loop the compiler gives up inlining, and every vector becomes an object. */
    private static void dot2(StoredMatrix matrix, long begin, float[] x, int xAt, float[] out, int outAt) {
        MemorySegment weights = matrix.bytes();
        long next = begin + matrix.rowBytes();
        FloatVector first = Lanes.zero();
        FloatVector second = Lanes.zero();
        for (int column = 0, at = 0; column < matrix.columns(); column += 32, at += 20) {
            first = step(weights, begin + at, x, xAt + column, first);
            second = step(weights, next + at, x, xAt + column, second);
        }
        out[outAt] = Lanes.sum(first);
        out[outAt + 1] = Lanes.sum(second);
    }

    @Override
    public void unpack(StoredMatrix matrix, int row, float[] out, int outAt) {
        long begin = matrix.offset(row);
        for (int column = 0, at = 0; column < matrix.columns(); column += 32, at += 20) {
            unpackBlock(matrix.bytes(), begin + at, out, outAt + column);
        }
    }

    private static FloatVector step(MemorySegment weights, long block, float[] x, int at, FloatVector sum) {
        FloatVector scale = Lanes.half(weights, block);
        FloatVector minimum = Lanes.half(weights, block + 2);
        FloatVector result = sum;
        if (Lanes.COUNT == 16) {
            IntVector codes = Lanes.unsigned(weights, block + 4);
            result = low(codes, scale, minimum).fma(FloatVector.fromArray(Lanes.FLOATS, x, at), result);
            return high(codes, scale, minimum).fma(FloatVector.fromArray(Lanes.FLOATS, x, at + 16), result);
        }
        IntVector codes = Lanes.unsigned(weights, block + 4);
        IntVector more = Lanes.unsigned(weights, block + 12);
        result = low(codes, scale, minimum).fma(FloatVector.fromArray(Lanes.FLOATS, x, at), result);
        result = low(more, scale, minimum).fma(FloatVector.fromArray(Lanes.FLOATS, x, at + 8), result);
        result = high(codes, scale, minimum).fma(FloatVector.fromArray(Lanes.FLOATS, x, at + 16), result);
        return high(more, scale, minimum).fma(FloatVector.fromArray(Lanes.FLOATS, x, at + 24), result);
    }

    private static void unpackBlock(MemorySegment weights, long block, float[] out, int at) {
        FloatVector scale = Lanes.half(weights, block);
        FloatVector minimum = Lanes.half(weights, block + 2);
        for (int i = 0; i < 16; i += Lanes.COUNT) {
            IntVector codes = Lanes.unsigned(weights, block + 4 + i);
            low(codes, scale, minimum).intoArray(out, at + i);
            high(codes, scale, minimum).intoArray(out, at + 16 + i);
        }
    }

    private static FloatVector low(IntVector codes, FloatVector scale, FloatVector minimum) {
        return Lanes.floats(codes.and(0xF)).fma(scale, minimum);
    }

    private static FloatVector high(IntVector codes, FloatVector scale, FloatVector minimum) {
        return Lanes.floats(codes.lanewise(VectorOperators.LSHR, 4)).fma(scale, minimum);
    }
}
