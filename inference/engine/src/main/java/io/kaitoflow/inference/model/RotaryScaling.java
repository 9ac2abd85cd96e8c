package io.kaitoflow.inference.model;

import java.util.List;
import java.util.OptionalInt;

/** How a model that was trained on short texts slows its rotations down to reach longer ones. */
public sealed interface RotaryScaling {
    /**
     * The frequency, in radians per position, that takes the place of {@code frequency}.
     *
     * @param pair which pair of dimensions turns, from 0
     * @param length tokens of the whole sequence
     */
    double scaled(int pair, double frequency, int length);

    /** Factor of all cosines and sines. */
    default double magnitude() {
        return 1;
    }

    /** The greatest length that turns as short texts do; absent where the length does not matter. */
    default OptionalInt shortLength() {
        return OptionalInt.empty();
    }

    /** Frequencies as they are. */
    record None() implements RotaryScaling {
        @Override
        public double scaled(int pair, double frequency, int length) {
            return frequency;
        }
    }

    /** All rotations are divided by a factor. */
    record Linear(double factor) implements RotaryScaling {
        @Override
        public double scaled(int pair, double frequency, int length) {
            return frequency / factor;
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
        public double scaled(int pair, double frequency, int length) {
            double turns = originalPositions * frequency / (2 * Math.PI);
            double kept =
                    Math.clamp((turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor), 0.0, 1.0);
            return kept * frequency + (1 - kept) * frequency / factor;
        }
    }

    /**
     * Phi-3's rule: each pair has a divisor of its own, one for short texts and one for long ones. The whole sequence changes
     * over when its length passes the original one, so what was computed before the change is wrong after it.
     *
     * @param shortDivisors one per pair
     * @param longDivisors one per pair
     * @param originalPositions the greatest length of a short text
     * @param magnitude of all cosines and sines
     */
    record Longrope(List<Double> shortDivisors, List<Double> longDivisors, int originalPositions, double magnitude)
            implements RotaryScaling {
        public Longrope {
            shortDivisors = List.copyOf(shortDivisors);
            longDivisors = List.copyOf(longDivisors);
        }

        @Override
        public double scaled(int pair, double frequency, int length) {
            return frequency / (length > originalPositions ? longDivisors : shortDivisors).get(pair);
        }

        @Override
        public OptionalInt shortLength() {
            return OptionalInt.of(originalPositions);
        }
    }
}
