package io.kaitoflow.workflows.request;

/**
 * A training_config.yaml after defaults: every honoured key has a place here, so nothing is ignored in silence.
 *
 * @param lora the adapter's shape
 * @param optimiser steps, rate and clipping
 * @param data columns, order, split and lengths
 * @param cadence how often is logged, saved and evaluated
 */
public record TrainingRecipe(QloraRecipe lora, OptimiserRecipe optimiser, DataRecipe data, CadenceRecipe cadence) {

    /** WORKSPACE-API section 5, nothing configured. */
    public static TrainingRecipe defaults() {
        return new TrainingRecipe(
                QloraRecipe.defaults(), OptimiserRecipe.defaults(), DataRecipe.defaults(), CadenceRecipe.defaults());
    }
}
