package io.kaitoflow.inference.sampling;

/**
 * How busy a generator is, for metrics.
 *
 * @param active requests in the batch
 * @param queued requests that wait
 * @param tokens that the cache holds at most
 * @param freeTokens of these that a new request could have
 */
public record GeneratorLoad(int active, int queued, long tokens, long freeTokens) {}
