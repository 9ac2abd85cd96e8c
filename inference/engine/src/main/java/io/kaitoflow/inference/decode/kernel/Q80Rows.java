package io.kaitoflow.inference.decode.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Blocks of a scale and 32 signed bytes. */
final class Q80Rows implements RowKernel {
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
        for (int column = 0, at = 0; column < matrix.columns(); column += 32, at += 34) {
            first = step(weights, begin + at, x, xAt + column, first);
            second = step(weights, next + at, x, xAt + column, second);
        }
        out[outAt] = Lanes.sum(first);
        out[outAt + 1] = Lanes.sum(second);
    }

    @Override
    public void unpack(StoredMatrix matrix, int row, float[] out, int outAt) {
        long begin = matrix.offset(row);
        for (int column = 0, at = 0; column < matrix.columns(); column += 32, at += 34) {
            unpackBlock(matrix.bytes(), begin + at, out, outAt + column);
        }
    }

    private static FloatVector step(MemorySegment weights, long block, float[] x, int at, FloatVector sum) {
        FloatVector scale = Lanes.half(weights, block);
        FloatVector result = sum;
        for (int i = 0; i < 32; i += Lanes.COUNT) {
            FloatVector input = FloatVector.fromArray(Lanes.FLOATS, x, at + i);
            result = Lanes.signed(weights, block + 2 + i).mul(scale).fma(input, result);
        }
        return result;
    }

    private static void unpackBlock(MemorySegment weights, long block, float[] out, int at) {
        FloatVector scale = Lanes.half(weights, block);
        for (int i = 0; i < 32; i += Lanes.COUNT) {
            Lanes.signed(weights, block + 2 + i).mul(scale).intoArray(out, at + i);
        }
    }
}
