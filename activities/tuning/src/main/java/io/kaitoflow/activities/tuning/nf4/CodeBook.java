package io.kaitoflow.activities.tuning.nf4;

import java.util.Arrays;

/**
 * Sorted float32 values that codes stand for. A value takes the code of the nearest entry, decided by the midpoints of
 * neighbours; a value exactly on a midpoint takes the lower code.
 */
final class CodeBook {

    /** The 4-bit NormalFloat table. Its construction by quantiles is only good to 1e-7, so the bits are given. */
    static final CodeBook NF4 = new CodeBook(
            floats(
                    0xbf800000,
                    0xbf3239b1,
                    0xbf066b30,
                    0xbeca32a0,
                    0xbe91a24d,
                    0xbe3d353f,
                    0xbdba7871,
                    0x00000000,
                    0x3da2faff,
                    0x3e24cae3,
                    0x3e7c04dd,
                    0x3ead033a,
                    0x3ee1a4b8,
                    0x3f1007ab,
                    0x3f3913b3,
                    0x3f800000),
            floats(
                    0xbf591cd8,
                    0xbf1c5270,
                    0xbeeb8480,
                    0xbeadea76,
                    0xbe703cec,
                    0xbe0d38bc,
                    0xbd3a7871,
                    0x3d22faff,
                    0x3df64862,
                    0x3e5067e0,
                    0x3e9582d4,
                    0x3ec753f9,
                    0x3f006d04,
                    0x3f248daf,
                    0x3f5c89da));

    /** The signed 8-bit dynamic map: finer towards zero, from -0.99297 to 1. */
    static final CodeBook DYNAMIC = withMidpoints(dynamicMap());

    private static final int DECADES = 7;
    private static final int DYNAMIC_SIZE = 256;

    private final float[] values;
    private final float[] midpoints;

    private CodeBook(float[] values, float[] midpoints) {
        this.values = values;
        this.midpoints = midpoints;
    }

    private static CodeBook withMidpoints(float[] values) {
        float[] midpoints = new float[values.length - 1];
        for (int i = 0; i < midpoints.length; i++) {
            midpoints[i] = (values[i] + values[i + 1]) / 2;
        }
        return new CodeBook(values, midpoints);
    }

    private static float[] dynamicMap() {
        float[] map = new float[DYNAMIC_SIZE];
        int next = 0;
        for (int decade = 0; decade < DECADES; decade++) {
            int steps = 1 << decade;
            float scale = (float) Math.pow(10, decade - (DECADES - 1));
            for (int step = 0; step < steps; step++) {
                float magnitude = scale * ((boundary(step, steps) + boundary(step + 1, steps)) / 2);
                map[next++] = magnitude;
                map[next++] = -magnitude;
            }
        }
        map[next++] = 0;
        map[next] = 1;
        Arrays.sort(map);
        return map;
    }

    /**
     * Evenly spaced from 0.1 to 1, counted from the nearer end with fused products as PyTorch's linspace does: the last
     * bit of the map depends on it.
     */
    private static float boundary(int step, int steps) {
        float width = (1f - 0.1f) / steps;
        return step < (steps + 1) / 2 ? Math.fma(width, step, 0.1f) : Math.fma(-width, steps - step, 1f);
    }

    private static float[] floats(int... bits) {
        float[] values = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = Float.intBitsToFloat(bits[i]);
        }
        return values;
    }

    float value(int code) {
        return values[code];
    }

    /** A copy of all values in the order of their codes. */
    float[] values() {
        return values.clone();
    }

    /** A copy of the thresholds between neighbouring codes. */
    float[] midpoints() {
        return midpoints.clone();
    }

    /** The code of the nearest value. */
    int nearest(float value) {
        int low = 0;
        int high = midpoints.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (value > midpoints[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
