package io.kaitoflow.workflows.status;

import java.time.Instant;

/**
 * One try to get something from a provider.
 *
 * @param instanceType what was asked for
 * @param answer what was answered
 * @param at when
 */
public record Attempt(String instanceType, String answer, Instant at) {}
