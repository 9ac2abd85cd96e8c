package io.kaitoflow.inference.sampling;

/**
 * How busy a generator is, for metrics.
 *
 * @param active requests in the batch
 * @param queued requests that wait
 */
public record GeneratorLoad(int active, int queued) {}
