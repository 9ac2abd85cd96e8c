package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.Tensors;
import java.util.function.DoubleUnaryOperator;

/**
 * Rotary position embedding: how far each pair of dimensions of a head turns per position.
 *
 * @param theta the base of the geometric series of frequencies
 * @param headSize dimensions of one head; all of them turn
 * @param scaling what becomes of the frequencies
 */
public record RotaryEmbedding(double theta, int headSize, RotaryScaling scaling) {
    public RotaryEmbedding {
        if (theta <= 0 || headSize <= 0 || headSize % 2 != 0) {
            throw new IllegalArgumentException(
                    "rotary embedding needs a positive theta and an even head size, not " + theta + " and " + headSize);
        }
    }

    /** Without scaling. */
    public RotaryEmbedding(double theta, int headSize) {
        this(theta, headSize, new RotaryScaling.None());
    }

    /** Cosines of the angles of positions 0 to {@code positions - 1}, float32 (positions, headSize). */
    public NDArray cosines(NDManager owner, int positions) {
        return table(owner, positions, Math::cos);
    }

    /** Sines of the angles of positions 0 to {@code positions - 1}, float32 (positions, headSize). */
    public NDArray sines(NDManager owner, int positions) {
        return table(owner, positions, Math::sin);
    }

    private NDArray table(NDManager owner, int positions, DoubleUnaryOperator function) {
        float[] frequencies = frequencies();
        var values = new float[positions * headSize];
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < headSize; i++) {
                // float32 product, as the reference programs compute it; it matters at long positions.
                float angle = position * frequencies[i % frequencies.length];
                values[position * headSize + i] = (float) function.applyAsDouble(angle);
            }
        }
        return Tensors.of(owner, values, new Shape(positions, headSize));
    }

    private float[] frequencies() {
        var frequencies = new float[headSize / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = 2f * i / headSize;
            frequencies[i] = (float) scaling.scaled(1f / (float) Math.pow(theta, exponent));
        }
        return frequencies;
    }
}
