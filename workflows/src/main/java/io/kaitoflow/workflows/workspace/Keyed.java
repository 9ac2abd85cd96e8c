package io.kaitoflow.workflows.workspace;

/**
 * A step's result and the key of the inputs that made it.
 *
 * @param key of the step when it ran
 * @param value what it answered
 */
record Keyed<T>(StepKey key, T value) {}
