package io.kaitoflow.inference.decode.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The element-wise steps of a decoder, on rows whose lengths are multiples of 16. */
public final class VectorMath {
    private static final float LOG2_E = 1.44269504f;
    /** Adding it rounds a small float to a whole number, which then stands in the low bits. */
    private static final float ROUNDER = 12_582_912f;

    private static final float LN_2_HIGH = 0.693359375f;
    private static final float LN_2_LOW = -2.12194440e-4f;
    private static final float LEAST = -87f;
    private static final float GREATEST = 87f;

    private VectorMath() {}

    /** Sum of products. */
    public static float dot(float[] a, int aAt, float[] b, int bAt, int length) {
        return FloatTile.dot(a, aAt, b, bAt, length);
    }

    /** {@code y += factor * x}. */
    public static void addScaled(float factor, float[] x, int xAt, float[] y, int yAt, int length) {
        FloatVector times = FloatVector.broadcast(Lanes.FLOATS, factor);
        for (int i = 0; i < length; i += Lanes.COUNT) {
            FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, y, yAt + i);
            FloatVector.fromArray(Lanes.FLOATS, x, xAt + i).fma(times, sum).intoArray(y, yAt + i);
        }
    }

    /** The row divided by its root mean square, times the weights. */
    public static void rms(Activations x, int row, float[] weights, double epsilon, Activations out) {
        int from = x.at(row);
        int to = out.at(row);
        float squares = FloatTile.dot(x.values(), from, x.values(), from, weights.length);
        FloatVector scale =
                FloatVector.broadcast(Lanes.FLOATS, (float) (1 / Math.sqrt(squares / weights.length + epsilon)));
        for (int i = 0; i < weights.length; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x.values(), from + i)
                    .mul(scale)
                    .mul(FloatVector.fromArray(Lanes.FLOATS, weights, i))
                    .intoArray(out.values(), to + i);
        }
    }

    /** {@code out = gate / (1 + exp(-gate)) * up}, where a row of x is the gate and then the up part. */
    public static void gate(Activations gateUp, int row, Activations out) {
        int half = gateUp.width() / 2;
        int from = gateUp.at(row);
        int to = out.at(row);
        for (int i = 0; i < half; i += Lanes.COUNT) {
            FloatVector gate = FloatVector.fromArray(Lanes.FLOATS, gateUp.values(), from + i);
            FloatVector up = FloatVector.fromArray(Lanes.FLOATS, gateUp.values(), from + half + i);
            gate.div(exp(gate.neg()).add(1f)).mul(up).intoArray(out.values(), to + i);
        }
    }

    /** Turns scores into weights that sum up to one; a length that is no multiple of 16 is filled up with zeros. */
    public static void softmax(float[] scores, int length) {
        softmax(scores, 0, length, (length + 15) / 16 * 16);
    }

    /** As above for {@code length} scores from {@code at} on, filled up to {@code padded}, which is a multiple of 16. */
    public static void softmax(float[] scores, int at, int length, int padded) {
        int end = at + padded;
        Arrays.fill(scores, at + length, end, Float.NEGATIVE_INFINITY);
        FloatVector highest = FloatVector.fromArray(Lanes.FLOATS, scores, at);
        for (int i = at + Lanes.COUNT; i < end; i += Lanes.COUNT) {
            highest = highest.max(FloatVector.fromArray(Lanes.FLOATS, scores, i));
        }
        float most = highest.reduceLanes(VectorOperators.MAX);
        FloatVector sum = Lanes.zero();
        for (int i = at; i < end; i += Lanes.COUNT) {
            FloatVector weight =
                    exp(FloatVector.fromArray(Lanes.FLOATS, scores, i).sub(most));
            sum = sum.add(weight);
            weight.intoArray(scores, i);
        }
        float inverse = 1 / Lanes.sum(sum);
        for (int i = at; i < end; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, scores, i).mul(inverse).intoArray(scores, i);
        }
    }

    /** e to the x within two units of the last place; below -87 it is nearly, and minus infinity exactly, zero. */
    private static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(LEAST).min(GREATEST);
        FloatVector shifted = bounded.mul(LOG2_E).add(ROUNDER);
        FloatVector whole = shifted.sub(ROUNDER);
        FloatVector rest = whole.fma(FloatVector.broadcast(Lanes.FLOATS, -LN_2_HIGH), bounded);
        rest = whole.fma(FloatVector.broadcast(Lanes.FLOATS, -LN_2_LOW), rest);
        FloatVector power = polynomial(rest);
        FloatVector scaled = power.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
        return scaled.blend(0f, x.lt(LEAST));
    }

    private static FloatVector polynomial(FloatVector x) {
        FloatVector sum = FloatVector.broadcast(Lanes.FLOATS, 1.9875691500e-4f);
        sum = sum.fma(x, FloatVector.broadcast(Lanes.FLOATS, 1.3981999507e-3f));
        sum = sum.fma(x, FloatVector.broadcast(Lanes.FLOATS, 8.3334519073e-3f));
        sum = sum.fma(x, FloatVector.broadcast(Lanes.FLOATS, 4.1665795894e-2f));
        sum = sum.fma(x, FloatVector.broadcast(Lanes.FLOATS, 1.6666665459e-1f));
        sum = sum.fma(x, FloatVector.broadcast(Lanes.FLOATS, 5.0000001201e-1f));
        return sum.fma(x.mul(x), x).add(1f);
    }
}
