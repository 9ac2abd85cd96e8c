package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.model.RotaryEmbedding;

/** Turns heads by their position: dimension i of the first half with dimension i of the second. */
final class Rotation {
    private final int half;
    private final float[] cosines;
    private final float[] sines;

    Rotation(RotaryEmbedding rotary, int positions) {
        this.half = rotary.headSize() / 2;
        this.cosines = new float[positions * half];
        this.sines = new float[positions * half];
        for (int i = 0; i < half; i++) {
            float frequency = frequency(rotary, i);
            for (int position = 0; position < positions; position++) {
                // float32 product, as the reference programs compute it; it matters at long positions.
                float angle = position * frequency;
                cosines[position * half + i] = (float) Math.cos(angle);
                sines[position * half + i] = (float) Math.sin(angle);
            }
        }
    }

    static boolean isKnown(RotaryEmbedding rotary) {
        return rotary.headSize() % 16 == 0
                && rotary.turnedSize() == rotary.headSize()
                && rotary.scaling().shortLength().isEmpty()
                && rotary.scaling().magnitude() == 1;
    }

    private static float frequency(RotaryEmbedding rotary, int i) {
        float exponent = 2f * i / rotary.headSize();
        return (float) rotary.scaling().scaled(i, 1f / (float) Math.pow(rotary.theta(), exponent), 1);
    }

    /** Turns {@code heads} heads that lie one after the other from {@code at}. */
    void turn(Activations x, int at, int heads, int position) {
        float[] values = x.values();
        for (int head = 0; head < heads; head++) {
            int first = at + head * 2 * half;
            for (int i = 0; i < half; i++) {
                float cosine = cosines[position * half + i];
                float sine = sines[position * half + i];
                float left = values[first + i];
                float right = values[first + half + i];
                values[first + i] = left * cosine - right * sine;
                values[first + half + i] = right * cosine + left * sine;
            }
        }
    }
}
