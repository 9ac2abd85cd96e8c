package io.kaitoflow.workflows.rollout;

/**
 * A running tuner.
 *
 * @param taskQueue that it polls
 * @param name of its pod or process
 */
public record TunerHandle(String taskQueue, String name) {}
