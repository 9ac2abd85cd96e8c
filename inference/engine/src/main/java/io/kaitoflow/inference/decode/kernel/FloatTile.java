package io.kaitoflow.inference.decode.kernel;

import jdk.incubator.vector.FloatVector;

/** Sums of products of float32 rows. Each sum is built in the same order, however many are built at once. */
final class FloatTile {
    /** Rows of weights that are taken at once. */
    static final int ROWS = 4;

    private FloatTile() {}

    static float dot(float[] a, int aAt, float[] b, int bAt, int length) {
        FloatVector sum = Lanes.zero();
        for (int i = 0; i < length; i += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, b, bAt + i);
            sum = FloatVector.fromArray(Lanes.FLOATS, a, aAt + i).fma(x, sum);
        }
        return Lanes.sum(sum);
    }

    /** Four rows that lie one after the other in {@code w}, against one input. */
    static void dot4(float[] w, int columns, float[] x, int xAt, float[] out) {
        FloatVector s0 = Lanes.zero();
        FloatVector s1 = Lanes.zero();
        FloatVector s2 = Lanes.zero();
        FloatVector s3 = Lanes.zero();
        for (int i = 0; i < columns; i += Lanes.COUNT) {
            FloatVector input = FloatVector.fromArray(Lanes.FLOATS, x, xAt + i);
            s0 = FloatVector.fromArray(Lanes.FLOATS, w, i).fma(input, s0);
            s1 = FloatVector.fromArray(Lanes.FLOATS, w, columns + i).fma(input, s1);
            s2 = FloatVector.fromArray(Lanes.FLOATS, w, 2 * columns + i).fma(input, s2);
            s3 = FloatVector.fromArray(Lanes.FLOATS, w, 3 * columns + i).fma(input, s3);
        }
        out[0] = Lanes.sum(s0);
        out[1] = Lanes.sum(s1);
        out[2] = Lanes.sum(s2);
        out[3] = Lanes.sum(s3);
    }

    /** Four rows against two inputs; sums of the second input follow those of the first. */
    static void dot4x2(float[] w, int columns, float[] x, int[] at, float[] out) {
        int first = at[0];
        int second = at[1];
        FloatVector a0 = Lanes.zero();
        FloatVector a1 = Lanes.zero();
        FloatVector a2 = Lanes.zero();
        FloatVector a3 = Lanes.zero();
        FloatVector b0 = Lanes.zero();
        FloatVector b1 = Lanes.zero();
        FloatVector b2 = Lanes.zero();
        FloatVector b3 = Lanes.zero();
        for (int i = 0; i < columns; i += Lanes.COUNT) {
            FloatVector a = FloatVector.fromArray(Lanes.FLOATS, x, first + i);
            FloatVector b = FloatVector.fromArray(Lanes.FLOATS, x, second + i);
            FloatVector w0 = FloatVector.fromArray(Lanes.FLOATS, w, i);
            FloatVector w1 = FloatVector.fromArray(Lanes.FLOATS, w, columns + i);
            FloatVector w2 = FloatVector.fromArray(Lanes.FLOATS, w, 2 * columns + i);
            FloatVector w3 = FloatVector.fromArray(Lanes.FLOATS, w, 3 * columns + i);
            a0 = w0.fma(a, a0);
            a1 = w1.fma(a, a1);
            a2 = w2.fma(a, a2);
            a3 = w3.fma(a, a3);
            b0 = w0.fma(b, b0);
            b1 = w1.fma(b, b1);
            b2 = w2.fma(b, b2);
            b3 = w3.fma(b, b3);
        }
        out[0] = Lanes.sum(a0);
        out[1] = Lanes.sum(a1);
        out[2] = Lanes.sum(a2);
        out[3] = Lanes.sum(a3);
        out[4] = Lanes.sum(b0);
        out[5] = Lanes.sum(b1);
        out[6] = Lanes.sum(b2);
        out[7] = Lanes.sum(b3);
    }

    /**
     * Four rows against three inputs; sums of an input follow those of the one before.
     *
     * @param lanes room for twelve vectors
     */
    static void dot4x3(float[] w, int columns, float[] x, int[] at, float[] out, float[] lanes) {
        FloatVector a0 = Lanes.zero();
        FloatVector a1 = Lanes.zero();
        FloatVector a2 = Lanes.zero();
        FloatVector a3 = Lanes.zero();
        FloatVector b0 = Lanes.zero();
        FloatVector b1 = Lanes.zero();
        FloatVector b2 = Lanes.zero();
        FloatVector b3 = Lanes.zero();
        FloatVector c0 = Lanes.zero();
        FloatVector c1 = Lanes.zero();
        FloatVector c2 = Lanes.zero();
        FloatVector c3 = Lanes.zero();
        for (int i = 0; i < columns; i += Lanes.COUNT) {
            FloatVector a = FloatVector.fromArray(Lanes.FLOATS, x, at[0] + i);
            FloatVector b = FloatVector.fromArray(Lanes.FLOATS, x, at[1] + i);
            FloatVector c = FloatVector.fromArray(Lanes.FLOATS, x, at[2] + i);
            FloatVector w0 = FloatVector.fromArray(Lanes.FLOATS, w, i);
            a0 = w0.fma(a, a0);
            b0 = w0.fma(b, b0);
            c0 = w0.fma(c, c0);
            FloatVector w1 = FloatVector.fromArray(Lanes.FLOATS, w, columns + i);
            a1 = w1.fma(a, a1);
            b1 = w1.fma(b, b1);
            c1 = w1.fma(c, c1);
            FloatVector w2 = FloatVector.fromArray(Lanes.FLOATS, w, 2 * columns + i);
            a2 = w2.fma(a, a2);
            b2 = w2.fma(b, b2);
            c2 = w2.fma(c, c2);
            FloatVector w3 = FloatVector.fromArray(Lanes.FLOATS, w, 3 * columns + i);
            a3 = w3.fma(a, a3);
            b3 = w3.fma(b, b3);
            c3 = w3.fma(c, c3);
        }
        keep(lanes, 0, a0, a1, a2, a3);
        keep(lanes, 4, b0, b1, b2, b3);
        keep(lanes, 8, c0, c1, c2, c3);
        sumUp(lanes, out);
    }

    private static void keep(
            float[] lanes, int at, FloatVector first, FloatVector second, FloatVector third, FloatVector fourth) {
        first.intoArray(lanes, at * Lanes.COUNT);
        second.intoArray(lanes, (at + 1) * Lanes.COUNT);
        third.intoArray(lanes, (at + 2) * Lanes.COUNT);
        fourth.intoArray(lanes, (at + 3) * Lanes.COUNT);
    }

    /** Apart from the loop over the columns: with twelve sums in one method the compiler gives up inlining. */
    private static void sumUp(float[] lanes, float[] out) {
        for (int i = 0; i < 12; i++) {
            out[i] = Lanes.sum(FloatVector.fromArray(Lanes.FLOATS, lanes, i * Lanes.COUNT));
        }
    }
}
