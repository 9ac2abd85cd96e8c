package io.kaitoflow.activities.tuning.batches;

import io.kaitoflow.workflows.request.OptimiserRecipe;

/**
 * How many optimiser steps a run takes and which rows each of them sees. The last step of an epoch takes what is left.
 *
 * @param rows of the training data
 * @param rowsPerStep micro-batch times accumulation
 * @param steps of the whole run
 */
public record RunLength(int rows, int rowsPerStep, long steps) {

    public static RunLength of(OptimiserRecipe recipe, int rows) {
        int rowsPerStep = recipe.batchSize() * recipe.accumulation();
        int perEpoch = Math.ceilDiv(rows, rowsPerStep);
        long steps = recipe.maxSteps().isPresent()
                ? recipe.maxSteps().getAsInt()
                : (long) Math.ceil(recipe.epochs() * perEpoch);
        return new RunLength(rows, rowsPerStep, steps);
    }

    public int stepsPerEpoch() {
        return Math.ceilDiv(rows, rowsPerStep);
    }

    /** Which pass over the data a step belongs to, from 0. */
    public long epoch(long step) {
        return step / stepsPerEpoch();
    }

    /** Its first row in the order of the epoch. */
    public int firstRow(long step) {
        return (int) (step % stepsPerEpoch()) * rowsPerStep;
    }

    /** Its last row in the order of the epoch, exclusive. */
    public int endRow(long step) {
        return Math.min(rows, firstRow(step) + rowsPerStep);
    }

    /** Passes over the data when this many steps are finished. */
    public double epochsAfter(long finished) {
        return (double) finished / stepsPerEpoch();
    }
}
