package io.kaitoflow.inference.sampling;

import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * Chooses the next token. Composed of steps that change the logits and one that chooses; not thread-safe where it holds a
 * random generator.
 */
@FunctionalInterface
public interface Sampler {
    /** Always the likeliest token; of equals the first. */
    Sampler GREEDY = (logits, seen) -> Logits.argMax(logits);

    /**
     * Chooses a token.
     *
     * @param logits one per vocabulary entry; the sampler may overwrite them
     * @param seen the tokens that occurred so far, prompt included
     */
    int choose(float[] logits, BitSet seen);

    /** The sampler that the parameters describe: penalty, then temperature, top k, top p, then the choice. */
    static Sampler of(SamplingParameters parameters) {
        Sampler choice = parameters.temperature() == 0 ? GREEDY : random(parameters);
        return parameters.repetitionPenalty() == 1 ? choice : choice.penalising(parameters.repetitionPenalty());
    }

    private static Sampler random(SamplingParameters parameters) {
        var random = new SplittableRandom(parameters.seed());
        Sampler sampler = (logits, seen) -> Logits.draw(logits, random.nextDouble());
        if (parameters.topP() < 1) {
            sampler = sampler.after(logits -> Logits.keepTopP(logits, parameters.topP()));
        }
        if (parameters.topK() > 0) {
            sampler = sampler.after(logits -> Logits.keepTopK(logits, parameters.topK()));
        }
        return parameters.temperature() == 1
                ? sampler
                : sampler.after(logits -> Logits.divide(logits, parameters.temperature()));
    }

    /** A change of the logits. */
    interface Step {
        void apply(float[] logits);
    }

    /** This sampler on logits that {@code step} has changed. */
    default Sampler after(Step step) {
        return (logits, seen) -> {
            step.apply(logits);
            return choose(logits, seen);
        };
    }

    /** This sampler with positive logits of tokens seen divided by the penalty, and negative ones multiplied. */
    default Sampler penalising(double penalty) {
        return (logits, seen) -> {
            seen.stream().forEach(id -> logits[id] *= (float) (logits[id] > 0 ? 1 / penalty : penalty));
            return choose(logits, seen);
        };
    }
}
