package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.RotaryEmbedding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns heads by their position: of the dimensions that turn, which are the first ones, dimension i of the first half with
 * dimension i of the second.
 */
final class Rotation {
    private final int headSize;
    private final Table ofShort;
    private final Table ofLong;

    /**
     * Cosines and sines, position by position.
     *
     * @param half pairs of dimensions that turn
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Table(int half, float[] cosines, float[] sines) {
        /** @param length of the sequences that turn by it */
        static Table of(RotaryEmbedding rotary, int length, int positions) {
            float[] frequencies = rotary.frequencies(length);
            float magnitude = (float) rotary.scaling().magnitude();
            int half = frequencies.length;
            var table = new Table(half, new float[positions * half], new float[positions * half]);
            for (int i = 0; i < half; i++) {
                for (int position = 0; position < positions; position++) {
                    // float32 product, as the reference programs compute it; it matters at long positions.
                    float angle = position * frequencies[i];
                    table.cosines[position * half + i] = (float) Math.cos(angle) * magnitude;
                    table.sines[position * half + i] = (float) Math.sin(angle) * magnitude;
                }
            }
            return table;
        }
    }

    /** @param positions length of the longest sequence */
    Rotation(RotaryEmbedding rotary, int positions) {
        int shortLength = rotary.scaling().shortLength().orElse(positions);
        this.headSize = rotary.headSize();
        this.ofShort = Table.of(rotary, 1, Math.min(shortLength, positions));
        this.ofLong = positions > shortLength ? Table.of(rotary, positions, positions) : ofShort;
    }

    /** One for each layer; layers that turn alike share one. */
    static List<Rotation> of(ModelConfiguration model, int positions) {
        Map<RotaryEmbedding, Rotation> all = new HashMap<>();
        return model.traits().layers().stream()
                .map(DecoderTraits.Layer::rotary)
                .map(rotary -> all.computeIfAbsent(rotary, one -> new Rotation(one, positions)))
                .toList();
    }

    /**
     * Turns {@code heads} heads that lie one after the other from {@code at}.
     *
     * @param reach of the sequence that they are of
     */
    void turn(Activations x, int at, int heads, int position, Reach reach) {
        Table table = reach == Reach.LONG ? ofLong : ofShort;
        float[] values = x.values();
        float[] cosines = table.cosines;
        float[] sines = table.sines;
        int half = table.half;
        int from = position * half;
        for (int head = 0; head < heads; head++) {
            int first = at + head * headSize;
            for (int i = 0; i < half; i++) {
                float cosine = cosines[from + i];
                float sine = sines[from + i];
                float left = values[first + i];
                float right = values[first + half + i];
                values[first + i] = left * cosine - right * sine;
                values[first + half + i] = right * cosine + left * sine;
            }
        }
    }
}
