package io.kaitoflow.workflows.request;

import java.util.OptionalInt;

/**
 * AdamW and its schedule.
 *
 * @param epochs passes over the rows; may be fractional
 * @param maxSteps optimiser steps, overrides epochs when present
 * @param batchSize rows a micro-batch
 * @param accumulation micro-batches an optimiser step
 * @param learningRate peak
 * @param schedule shape over the steps
 * @param warmup length of the rise
 * @param adam moments and decay
 * @param maxGradientNorm clip by global norm; 0 switches clipping off
 * @param seed of initialisation and dropout
 */
public record OptimiserRecipe(
        double epochs,
        OptionalInt maxSteps,
        int batchSize,
        int accumulation,
        double learningRate,
        Schedule schedule,
        Warmup warmup,
        Adam adam,
        double maxGradientNorm,
        long seed) {

    /** Shape of the learning rate over the steps, names as in transformers' lr_scheduler_type. */
    public enum Schedule {
        CONSTANT,
        CONSTANT_WITH_WARMUP,
        LINEAR,
        COSINE
    }

    /** Rise of the rate: {@code steps} when present, else {@code ratio} of all steps. */
    public record Warmup(double ratio, OptionalInt steps) {}

    /** AdamW's constants. */
    public record Adam(double beta1, double beta2, double epsilon, double weightDecay) {
        public static Adam defaults() {
            return new Adam(0.9, 0.999, 1e-8, 0);
        }
    }

    /** Three epochs of single rows at 2e-4, linear, 3 % warm-up, clipped at 1. */
    public static OptimiserRecipe defaults() {
        return new OptimiserRecipe(
                3,
                OptionalInt.empty(),
                1,
                1,
                2e-4,
                Schedule.LINEAR,
                new Warmup(0.03, OptionalInt.empty()),
                Adam.defaults(),
                1.0,
                42);
    }
}
