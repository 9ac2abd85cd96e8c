package io.kaitoflow.presets;

import java.util.List;
import java.util.Locale;

/**
 * What is known before training about whether a recipe can learn.
 *
 * @param rows that are trained on
 * @param epochs passes over them
 * @param rowsPerStep micro-batch times accumulation
 * @param maxSteps bounds the steps; 0 when only the epochs do
 * @param learningRate peak
 * @param scaling of the adapter: alpha / rank
 */
public record RecipeAdvice(
        long rows, double epochs, int rowsPerStep, long maxSteps, double learningRate, double scaling) {

    /**
     * Steps × rate × scaling of runs on 8 new facts: at 0.007 none was learned, at 0.05 to 0.07 about two thirds, from 0.09 on
     * nearly all.
     */
    private static final double LEARNS = 0.08;

    private static final double LEARNS_NOTHING = 0.02;

    /** Optimiser steps of the whole run. */
    public long steps() {
        long byEpochs = (long) Math.ceil(Math.ceil((double) rows / rowsPerStep) * epochs);
        return maxSteps > 0 ? maxSteps : byEpochs;
    }

    /** One sentence for each reason to expect little; empty when there is none. */
    public List<String> warnings() {
        double reach = steps() * learningRate * scaling;
        if (reach >= LEARNS) {
            return List.of();
        }
        String verdict = reach < LEARNS_NOTHING ? "will hardly learn anything new" : "may learn new facts only in part";
        return List.of(String.format(
                Locale.ROOT,
                "%d optimiser steps at a peak rate of %s and an adapter scaling of %s %s (steps × rate × scaling = %.3f, wanted: "
                        + "%.2f or more); raise learning_rate or num_train_epochs, or lower the batch.",
                steps(),
                learningRate,
                scaling,
                verdict,
                reach,
                LEARNS));
    }
}
