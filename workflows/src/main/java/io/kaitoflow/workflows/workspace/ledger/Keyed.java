package io.kaitoflow.workflows.workspace.ledger;

/**
 * A step's result and the key of the inputs that made it.
 *
 * @param key of the step when it ran
 * @param value what it answered
 */
public record Keyed<T>(StepKey key, T value) {}
