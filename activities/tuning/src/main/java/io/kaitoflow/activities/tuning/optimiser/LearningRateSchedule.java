package io.kaitoflow.activities.tuning.optimiser;

import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.OptimiserRecipe.Schedule;

/**
 * The learning rate of each optimiser step, as transformers' schedulers give it: the first update uses step 0, so its
 * rate is 0 when there is a warm-up.
 *
 * @param shape over the steps
 * @param peak highest rate
 * @param warmup steps of the linear rise; a constant schedule has none whatever is asked
 * @param total steps of the whole run
 */
public record LearningRateSchedule(Schedule shape, double peak, long warmup, long total) {

    /** The schedule of a recipe whose run takes {@code total} steps. */
    public static LearningRateSchedule of(OptimiserRecipe recipe, long total) {
        long warmup = recipe.warmup().steps().isPresent()
                ? recipe.warmup().steps().getAsInt()
                : (long) Math.ceil(recipe.warmup().ratio() * total);
        return new LearningRateSchedule(recipe.schedule(), recipe.learningRate(), warmup, total);
    }

    /** @param step finished optimiser steps before this one */
    public double at(long step) {
        return peak
                * switch (shape) {
                    case CONSTANT -> 1;
                    case CONSTANT_WITH_WARMUP -> step < warmup ? rise(step) : 1;
                    case LINEAR -> step < warmup ? rise(step) : Math.max(0, 1 - fall(step));
                    case COSINE -> step < warmup ? rise(step) : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * fall(step))));
                };
    }

    private double rise(long step) {
        return (double) step / warmup;
    }

    /** The share of the way from the end of the warm-up to the end of the run. */
    private double fall(long step) {
        return (double) (step - warmup) / Math.max(1, total - warmup);
    }
}
