package io.kaitoflow.inference.model;

/** How a model that was trained on short texts slows its rotations down to reach longer ones. */
public sealed interface RotaryScaling {
    /** The frequency, in radians per position, that takes the place of {@code frequency}. */
    double scaled(double frequency);

    /** Frequencies as they are. */
    record None() implements RotaryScaling {
        @Override
        public double scaled(double frequency) {
            return frequency;
        }
    }

    /**
     * Llama 3.1's rule: slow rotations are divided by a factor, fast ones stay, those between are blended.
     *
     * @param factor by which slow rotations are divided
     * @param lowFrequencyFactor rotations with fewer turns in the original length are slow
     * @param highFrequencyFactor rotations with more turns in the original length are fast
     * @param originalPositions the length that the model was first trained on
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions)
            implements RotaryScaling {
        @Override
        public double scaled(double frequency) {
            double turns = originalPositions * frequency / (2 * Math.PI);
            double kept =
                    Math.clamp((turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor), 0.0, 1.0);
            return kept * frequency + (1 - kept) * frequency / factor;
        }
    }
}
