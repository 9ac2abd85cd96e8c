package io.kaitoflow.activities.tuning.qlora;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What a finished optimiser step looked like.
 *
 * @param step its number, from 1
 * @param totalSteps of the whole run
 * @param epoch passes over the data so far
 * @param loss mean answer loss over its scored tokens, before the update
 * @param gradientNorm before clipping
 * @param learningRate it used
 * @param tokensPerSecond of this step, padding not counted
 * @param timeLeft at the speed of this process so far
 * @param checkpointStep step of the newest checkpoint; 0 when there is none
 * @param evaluationLoss mean answer loss on held-out rows, where this step measured it
 */
public record StepReport(
        long step,
        long totalSteps,
        double epoch,
        double loss,
        double gradientNorm,
        double learningRate,
        double tokensPerSecond,
        Duration timeLeft,
        long checkpointStep,
        OptionalDouble evaluationLoss) {}
