package io.kaitoflow.activities.checkpoint;

/**
 * How far a run has come; with the run's seeds it decides everything that follows.
 *
 * @param step finished optimiser steps
 * @param rowsSeen training rows consumed over all epochs: the cursor into the shuffled order
 * @param tokens that went through the model, cumulative over resumes
 * @param seconds of training time, cumulative over resumes
 * @param resumes how often training went on from a checkpoint
 * @param loss mean answer loss of the last step, 0 before the first
 */
public record TrainingPosition(long step, long rowsSeen, long tokens, double seconds, int resumes, double loss) {

    /** Before the first step. */
    public static TrainingPosition start() {
        return new TrainingPosition(0, 0, 0, 0, 0, 0);
    }

    /** This place, reached by reading a checkpoint. */
    public TrainingPosition resumed() {
        return new TrainingPosition(step, rowsSeen, tokens, seconds, resumes + 1, loss);
    }

    /** One optimiser step further. */
    public TrainingPosition after(int rows, int newTokens, double stepSeconds, double stepLoss) {
        return new TrainingPosition(
                step + 1, rowsSeen + rows, tokens + newTokens, seconds + stepSeconds, resumes, stepLoss);
    }
}
