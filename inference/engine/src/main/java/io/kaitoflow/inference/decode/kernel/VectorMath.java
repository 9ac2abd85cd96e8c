package io.kaitoflow.inference.decode.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
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

    /** Twice the root of 2 / pi, and 0.044715 times that. */
    private static final float GELU_LINEAR = 1.5957691216f;

    private static final float GELU_CUBIC = 0.0713548163f;

    private VectorMath() {}

    /**
     * Sum of products.
     *
     * @param a float32 numbers
     * @param aAt the first one
     */
    public static float dot(MemorySegment a, long aAt, float[] b, int bAt, int length) {
        FloatVector sum = Lanes.zero();
        for (int i = 0; i < length; i += Lanes.COUNT) {
            sum = floats(a, aAt + i).fma(FloatVector.fromArray(Lanes.FLOATS, b, bAt + i), sum);
        }
        return Lanes.sum(sum);
    }

    private static FloatVector floats(MemorySegment numbers, long at) {
        return FloatVector.fromMemorySegment(Lanes.FLOATS, numbers, at * Float.BYTES, ByteOrder.nativeOrder());
    }

    /**
     * {@code y += factor * x}.
     *
     * @param x float32 numbers
     * @param xAt the first one
     */
    public static void addScaled(float factor, MemorySegment x, long xAt, float[] y, int yAt, int length) {
        FloatVector times = FloatVector.broadcast(Lanes.FLOATS, factor);
        for (int i = 0; i < length; i += Lanes.COUNT) {
            FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, y, yAt + i);
            floats(x, xAt + i).fma(times, sum).intoArray(y, yAt + i);
        }
    }

    /** {@code y += factor * x}. */
    public static void addScaled(float factor, float[] x, int xAt, float[] y, int yAt, int length) {
        FloatVector times = FloatVector.broadcast(Lanes.FLOATS, factor);
        for (int i = 0; i < length; i += Lanes.COUNT) {
            FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, y, yAt + i);
            FloatVector.fromArray(Lanes.FLOATS, x, xAt + i).fma(times, sum).intoArray(y, yAt + i);
        }
    }

    /** {@code x *= factor}. */
    public static void scale(float factor, float[] x, int at, int length) {
        for (int i = at; i < at + length; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, i).mul(factor).intoArray(x, i);
        }
    }

    /** The row divided by its root mean square, times the weights; the result may take the row's place. */
    public static void rms(Activations x, int row, float[] weights, double epsilon, Activations out) {
        rms(x.values(), x.at(row), new Weights(weights, 0, weights.length, epsilon), out.values(), out.at(row));
    }

    /** Each {@code size} numbers, in place, divided by their own root mean square, times the weights, which are for all of them. */
    public static void rmsOfEach(int size, float[] x, int at, float[] weights, double epsilon) {
        for (int i = 0; i < weights.length; i += size) {
            rms(x, at + i, new Weights(weights, i, size, epsilon), x, at + i);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Weights(float[] values, int at, int length, double epsilon) {}

    private static void rms(float[] x, int from, Weights weights, float[] out, int to) {
        int length = weights.length;
        float squares = FloatTile.dot(x, from, x, from, length);
        FloatVector scale =
                FloatVector.broadcast(Lanes.FLOATS, (float) (1 / Math.sqrt(squares / length + weights.epsilon)));
        for (int i = 0; i < length; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, from + i)
                    .mul(scale)
                    .mul(FloatVector.fromArray(Lanes.FLOATS, weights.values, weights.at + i))
                    .intoArray(out, to + i);
        }
    }

    /** {@code out = gate / (1 + exp(-gate)) * up}, where a row of x is the gate and then the up part. */
    public static void siluGate(Activations gateUp, int row, Activations out) {
        int half = gateUp.width() / 2;
        int from = gateUp.at(row);
        int to = out.at(row);
        for (int i = 0; i < half; i += Lanes.COUNT) {
            FloatVector gate = FloatVector.fromArray(Lanes.FLOATS, gateUp.values(), from + i);
            FloatVector up = FloatVector.fromArray(Lanes.FLOATS, gateUp.values(), from + half + i);
            gate.div(exp(gate.neg()).add(1f)).mul(up).intoArray(out.values(), to + i);
        }
    }

    /**
     * {@code out = gelu(gate) * up} with the hyperbolic tangent's approximation: {@code (1 + tanh(z)) / 2} is
     * {@code 1 / (1 + exp(-2 z))}, so it is the above with another exponent.
     */
    public static void geluGate(Activations gateUp, int row, Activations out) {
        int half = gateUp.width() / 2;
        int from = gateUp.at(row);
        int to = out.at(row);
        FloatVector linear = FloatVector.broadcast(Lanes.FLOATS, GELU_LINEAR);
        for (int i = 0; i < half; i += Lanes.COUNT) {
            FloatVector gate = FloatVector.fromArray(Lanes.FLOATS, gateUp.values(), from + i);
            FloatVector up = FloatVector.fromArray(Lanes.FLOATS, gateUp.values(), from + half + i);
            FloatVector exponent = gate.mul(gate).mul(GELU_CUBIC).add(linear).mul(gate);
            gate.div(exp(exponent.neg()).add(1f)).mul(up).intoArray(out.values(), to + i);
        }
    }

    /** Each of {@code length} numbers z becomes {@code cap tanh(z / cap)}; their count may be any. */
    public static void cap(float[] x, int at, int length, float cap) {
        int end = at + length;
        int whole = at + length / Lanes.COUNT * Lanes.COUNT;
        for (int i = at; i < whole; i += Lanes.COUNT) {
            capped(FloatVector.fromArray(Lanes.FLOATS, x, i), cap).intoArray(x, i);
        }
        if (whole < end) {
            VectorMask<Float> rest = Lanes.FLOATS.indexInRange(whole, end);
            capped(FloatVector.fromArray(Lanes.FLOATS, x, whole, rest), cap).intoArray(x, whole, rest);
        }
    }

    /** {@code tanh(y) = 1 - 2 / (exp(2 y) + 1)}, which is exact enough to add: near zero its error is that of 1. */
    private static FloatVector capped(FloatVector x, float cap) {
        FloatVector powers = exp(x.mul(2 / cap)).add(1f);
        return FloatVector.broadcast(Lanes.FLOATS, -2f).div(powers).add(1f).mul(cap);
    }

    /**
     * Turns scores {@code first} to {@code last - 1} of {@code padded} from {@code at} on, which is a multiple of 16, into weights
     * that sum up to one; the others become zeros.
     */
    public static void softmax(float[] scores, int at, int first, int last, int padded) {
        int end = at + padded;
        Arrays.fill(scores, at, at + first, Float.NEGATIVE_INFINITY);
        Arrays.fill(scores, at + last, end, Float.NEGATIVE_INFINITY);
        FloatVector highest = FloatVector.fromArray(Lanes.FLOATS, scores, at);
        for (int i = at + Lanes.COUNT; i < end; i += Lanes.COUNT) {
            highest = higher(highest, FloatVector.fromArray(Lanes.FLOATS, scores, i));
        }
        float most = highest.reduceLanes(VectorOperators.MAX);
        FloatVector sum = Lanes.zero();
        for (int i = at; i < end; i += Lanes.COUNT) {
            FloatVector weight =
                    expOfBounded(FloatVector.fromArray(Lanes.FLOATS, scores, i).sub(most));
            sum = sum.add(weight);
            weight.intoArray(scores, i);
        }
        float inverse = 1 / Lanes.sum(sum);
        for (int i = at; i < end; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, scores, i).mul(inverse).intoArray(scores, i);
        }
    }

    /** The greatest of some numbers; their count may be any but none. */
    public static float greatest(float[] x, int at, int length) {
        int end = at + length;
        FloatVector highest = FloatVector.broadcast(Lanes.FLOATS, x[at]);
        int i = at;
        for (; i + Lanes.COUNT <= end; i += Lanes.COUNT) {
            highest = higher(highest, FloatVector.fromArray(Lanes.FLOATS, x, i));
        }
        float most = highest.reduceLanes(VectorOperators.MAX);
        for (; i < end; i++) {
            most = Math.max(most, x[i]);
        }
        return most;
    }

    /** Each number x becomes {@code exp(x - most)}; their count may be any, and none is greater than {@code most}. Answers their sum. */
    public static float exponentials(float[] x, int at, int length, float most) {
        int end = at + length;
        FloatVector sums = Lanes.zero();
        int i = at;
        for (; i + Lanes.COUNT <= end; i += Lanes.COUNT) {
            FloatVector power =
                    expOfBounded(FloatVector.fromArray(Lanes.FLOATS, x, i).sub(most));
            sums = sums.add(power);
            power.intoArray(x, i);
        }
        float sum = Lanes.sum(sums);
        for (; i < end; i++) {
            x[i] = (float) Math.exp(x[i] - most);
            sum += x[i];
        }
        return sum;
    }

    /** A comparison and a choice, where {@code max} is six instructions because it tells zeros apart. */
    private static FloatVector higher(FloatVector a, FloatVector b) {
        return a.blend(b, b.compare(VectorOperators.GT, a));
    }

    /** e to the x within two units of the last place; below -87 it is zero, and above 87 what it is there. */
    private static FloatVector exp(FloatVector x) {
        return expOfBounded(x.blend(GREATEST, x.compare(VectorOperators.GT, GREATEST)));
    }

    /** The same of numbers up to 87. */
    private static FloatVector expOfBounded(FloatVector x) {
        FloatVector shifted = x.mul(LOG2_E).add(ROUNDER);
        FloatVector whole = shifted.sub(ROUNDER);
        FloatVector rest = whole.fma(FloatVector.broadcast(Lanes.FLOATS, -LN_2_HIGH), x);
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
