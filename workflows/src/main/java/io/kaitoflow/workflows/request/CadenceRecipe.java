package io.kaitoflow.workflows.request;

/**
 * How often, in optimiser steps.
 *
 * @param loggingSteps between log lines
 * @param saveSteps between checkpoints
 * @param evaluationSteps between evaluations on held-out rows; 0 means only at the end
 */
public record CadenceRecipe(int loggingSteps, int saveSteps, int evaluationSteps) {

    /** Every 10 steps a line and a checkpoint. */
    public static CadenceRecipe defaults() {
        return new CadenceRecipe(10, 10, 0);
    }
}
