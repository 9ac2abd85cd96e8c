package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.Tensors;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Rotary position embedding: how far each pair of dimensions of a head turns per position.
 *
 * @param theta the base of the geometric series of frequencies
 * @param headSize dimensions of one head
 * @param turnedSize how many of them turn, the first ones; tables hold cosine 1 and sine 0 for the rest
 * @param scaling what becomes of the frequencies
 */
public record RotaryEmbedding(double theta, int headSize, int turnedSize, RotaryScaling scaling) {
    public RotaryEmbedding {
        if (theta <= 0 || turnedSize <= 0 || turnedSize % 2 != 0 || turnedSize > headSize) {
            throw new IllegalArgumentException("rotary embedding needs a positive theta and an even number of turning"
                    + " dimensions within the head, not " + theta + " and " + turnedSize + " of " + headSize);
        }
    }

    /** All dimensions turn. */
    public RotaryEmbedding(double theta, int headSize, RotaryScaling scaling) {
        this(theta, headSize, headSize, scaling);
    }

    /** All dimensions turn, without scaling. */
    public RotaryEmbedding(double theta, int headSize) {
        this(theta, headSize, new RotaryScaling.None());
    }

    /** Cosines of a sequence of {@code positions} tokens, float32 (positions, headSize). */
    public NDArray cosines(NDManager owner, int positions) {
        return cosines(owner, IntStream.range(0, positions).toArray(), lengths(positions));
    }

    /** Sines of a sequence of {@code positions} tokens, float32 (positions, headSize). */
    public NDArray sines(NDManager owner, int positions) {
        return sines(owner, IntStream.range(0, positions).toArray(), lengths(positions));
    }

    private static int[] lengths(int positions) {
        var lengths = new int[positions];
        Arrays.fill(lengths, positions);
        return lengths;
    }

    /**
     * Cosines of any positions, float32 (positions.length, headSize).
     *
     * @param lengths tokens of the whole sequence that each position is of
     */
    public NDArray cosines(NDManager owner, int[] positions, int[] lengths) {
        return table(owner, positions, lengths, Math::cos, 1);
    }

    /** Sines, as {@link #cosines(NDManager, int[], int[])}. */
    public NDArray sines(NDManager owner, int[] positions, int[] lengths) {
        return table(owner, positions, lengths, Math::sin, 0);
    }

    /** Whether a sequence turns otherwise after growing from one length to another. */
    public boolean changesBetween(int before, int after) {
        OptionalInt shortLength = scaling.shortLength();
        return shortLength.isPresent() && before <= shortLength.getAsInt() && after > shortLength.getAsInt();
    }

    private NDArray table(
            NDManager owner, int[] positions, int[] lengths, DoubleUnaryOperator function, float unturned) {
        float[] shortOnes = frequencies(1);
        float[] longOnes = frequencies(Integer.MAX_VALUE);
        int shortLength = scaling.shortLength().orElse(Integer.MAX_VALUE);
        float magnitude = (float) scaling.magnitude();
        int half = turnedSize / 2;
        var values = new float[positions.length * headSize];
        Arrays.fill(values, unturned);
        for (int row = 0; row < positions.length; row++) {
            float[] frequencies = lengths[row] > shortLength ? longOnes : shortOnes;
            for (int i = 0; i < half; i++) {
                // float32 product, as the reference programs compute it; it matters at long positions.
                float angle = positions[row] * frequencies[i];
                float value = (float) function.applyAsDouble(angle) * magnitude;
                values[row * headSize + i] = value;
                values[row * headSize + half + i] = value;
            }
        }
        return Tensors.of(owner, values, new Shape(positions.length, headSize));
    }

    /**
     * How far each pair of dimensions turns per position, in radians.
     *
     * @param length tokens of the whole sequence
     */
    public float[] frequencies(int length) {
        var frequencies = new float[turnedSize / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = 2f * i / turnedSize;
            frequencies[i] = (float) scaling.scaled(i, 1f / (float) Math.pow(theta, exponent), length);
        }
        return frequencies;
    }
}
