package io.kaitoflow.inference.decode.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Upper halves of float32. */
final class Bf16Rows implements RowKernel {
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
        for (int column = 0, at = 0; column < matrix.columns(); column += 16, at += 32) {
            first = step(weights, begin + at, x, xAt + column, first);
            second = step(weights, next + at, x, xAt + column, second);
        }
        out[outAt] = Lanes.sum(first);
        out[outAt + 1] = Lanes.sum(second);
    }

    @Override
    public void unpack(StoredMatrix matrix, int row, float[] out, int outAt) {
        long begin = matrix.offset(row);
        for (int column = 0, at = 0; column < matrix.columns(); column += 16, at += 32) {
            unpackBlock(matrix.bytes(), begin + at, out, outAt + column);
        }
    }

    private static FloatVector step(MemorySegment weights, long memory, float[] x, int at, FloatVector sum) {
        FloatVector result = sum;
        for (int i = 0; i < 16; i += Lanes.COUNT) {
            FloatVector input = FloatVector.fromArray(Lanes.FLOATS, x, at + i);
            result = Lanes.bfloat16(weights, memory + 2L * i).fma(input, result);
        }
        return result;
    }

    private static void unpackBlock(MemorySegment weights, long memory, float[] out, int at) {
        for (int i = 0; i < 16; i += Lanes.COUNT) {
            Lanes.bfloat16(weights, memory + 2L * i).intoArray(out, at + i);
        }
    }
}
