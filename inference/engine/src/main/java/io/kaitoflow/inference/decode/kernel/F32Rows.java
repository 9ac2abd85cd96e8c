package io.kaitoflow.inference.decode.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** Plain float32. */
final class F32Rows implements RowKernel {
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
        for (int column = 0, at = 0; column < matrix.columns(); column += 16, at += 64) {
            first = step(weights, begin + at, x, xAt + column, first);
            second = step(weights, next + at, x, xAt + column, second);
        }
        out[outAt] = Lanes.sum(first);
        out[outAt + 1] = Lanes.sum(second);
    }

    @Override
    public void unpack(StoredMatrix matrix, int row, float[] out, int outAt) {
        long begin = matrix.offset(row);
        for (int column = 0, at = 0; column < matrix.columns(); column += 16, at += 64) {
            unpackBlock(matrix.bytes(), begin + at, out, outAt + column);
        }
    }

    private static FloatVector step(MemorySegment weights, long memory, float[] x, int at, FloatVector sum) {
        FloatVector result = sum;
        for (int i = 0; i < 16; i += Lanes.COUNT) {
            FloatVector input = FloatVector.fromArray(Lanes.FLOATS, x, at + i);
            result = weight(weights, memory + 4L * i).fma(input, result);
        }
        return result;
    }

    private static void unpackBlock(MemorySegment weights, long memory, float[] out, int at) {
        for (int i = 0; i < 16; i += Lanes.COUNT) {
            weight(weights, memory + 4L * i).intoArray(out, at + i);
        }
    }

    private static FloatVector weight(MemorySegment weights, long at) {
        return FloatVector.fromMemorySegment(Lanes.FLOATS, weights, at, ByteOrder.LITTLE_ENDIAN);
    }
}
