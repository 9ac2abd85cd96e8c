package io.kaitoflow.inference.sampling;

import java.util.SplittableRandom;

/**
 * Chooses the next token. Composed of steps that change the logits and one that chooses; not thread-safe where it holds a
 * random generator.
 */
@FunctionalInterface
public interface Sampler {
    /** Always the likeliest token; of equals the first. */
    Sampler GREEDY = (logits, history) -> Logits.argMax(logits);

    /**
     * Chooses a token.
     *
     * @param logits one per vocabulary entry; the sampler may overwrite them
     * @param history the tokens that occurred so far
     */
    int choose(float[] logits, TokenHistory history);

    /** The sampler that the parameters describe: penalties, then temperature, top k, top p, min p, then the choice. */
    static Sampler of(SamplingParameters parameters) {
        Sampler choice = parameters.temperature() == 0 ? GREEDY : random(parameters);
        return parameters.penalties().equals(SamplingParameters.Penalties.NONE)
                ? choice
                : choice.penalising(parameters.penalties());
    }

    private static Sampler random(SamplingParameters parameters) {
        var random = new SplittableRandom(parameters.seed());
        Sampler sampler = (logits, history) -> Logits.draw(logits, random.nextDouble());
        if (parameters.minP() > 0) {
            sampler = sampler.after(logits -> Logits.keepMinP(logits, parameters.minP()));
        }
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
        return (logits, history) -> {
            step.apply(logits);
            return choose(logits, history);
        };
    }

    /** This sampler on logits of which the penalties were taken. */
    default Sampler penalising(SamplingParameters.Penalties penalties) {
        return (logits, history) -> {
            history.penalise(logits, penalties);
            return choose(logits, history);
        };
    }
}
