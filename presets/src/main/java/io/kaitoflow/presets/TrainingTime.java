package io.kaitoflow.presets;

import java.time.Duration;
import java.util.Locale;

/**
 * How long training adapters on a frozen model takes, by arithmetic: an order of magnitude before anything ran.
 *
 * @param shape of the model
 * @param tokens of all epochs
 * @param throughput of the machine in training
 */
public record TrainingTime(ModelShape shape, double tokens, Throughput throughput) {

    /** Two operations a weight and token on the way forth, two on the way back, two where a block is computed again. */
    private static final int OPERATIONS_PER_WEIGHT = 6;

    /** The estimate. */
    public Duration estimate() {
        double seconds = tokens * operationsPerToken() / (throughput.teraflops() * 1e12);
        return Duration.ofMillis(Math.round(1000 * seconds));
    }

    /** The arithmetic in one line. */
    public String explanation() {
        return String.format(
                Locale.ROOT,
                "%,.0f tokens × %.2f billion operations at %.2f TFLOP/s",
                tokens,
                operationsPerToken() / 1e9,
                throughput.teraflops());
    }

    private double operationsPerToken() {
        long head = (long) shape.vocabulary() * shape.hidden();
        return (double) OPERATIONS_PER_WEIGHT * (shape.linearWeights() + head);
    }
}
