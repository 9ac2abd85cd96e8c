package io.kaitoflow.activities.tuning.optimiser;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * The Euclidean norm over all gradients together, by which they are clipped.
 *
 * @param value before clipping
 */
public record GradientNorm(double value) {

    /** Keeps the factor finite when all gradients are zero; PyTorch's constant. */
    private static final double SMALLEST = 1e-6;

    /** @param gradients float32, summed in float64 in the order of memory, so that the norm can be repeated */
    public static GradientNorm of(MemorySegment gradients) {
        double sum = 0;
        long length = gradients.byteSize() / Float.BYTES;
        for (long i = 0; i < length; i++) {
            double gradient = gradients.getAtIndex(JAVA_FLOAT, i);
            sum += gradient * gradient;
        }
        return new GradientNorm(Math.sqrt(sum));
    }

    /** The factor that brings the norm down to {@code maximum}; 1 if it is below, or if the maximum is 0. */
    public float clip(double maximum) {
        return maximum == 0 ? 1 : (float) Math.min(1, maximum / (value + SMALLEST));
    }
}
