package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.model.RotaryEmbedding;
import java.util.Optional;

/**
 * Cosines and sines, position by position.
 *
 * @param half pairs of dimensions that turn
 * @param cosines (positions, half)
 * @param sines (positions, half)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RotationTable(int half, float[] cosines, float[] sines) {
    /**
     * That of short texts.
     *
     * @param positions length of the longest sequence
     */
    public static RotationTable ofShort(RotaryEmbedding rotary, int positions) {
        return of(rotary, 1, Math.min(rotary.scaling().shortLength().orElse(positions), positions));
    }

    /** That of long texts, where they turn otherwise and there is room for one. */
    public static Optional<RotationTable> ofLong(RotaryEmbedding rotary, int positions) {
        return positions > rotary.scaling().shortLength().orElse(positions)
                ? Optional.of(of(rotary, positions, positions))
                : Optional.empty();
    }

    /** @param length of the sequences that turn by it */
    private static RotationTable of(RotaryEmbedding rotary, int length, int positions) {
        float[] frequencies = rotary.frequencies(length);
        float magnitude = (float) rotary.scaling().magnitude();
        int half = frequencies.length;
        var table = new RotationTable(half, new float[positions * half], new float[positions * half]);
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
