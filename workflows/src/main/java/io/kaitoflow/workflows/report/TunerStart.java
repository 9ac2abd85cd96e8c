package io.kaitoflow.workflows.report;

import java.time.Instant;

/**
 * One start of a tuner.
 *
 * @param number counted from 1 over the life of the workspace
 * @param machine names of the leased machines
 * @param instanceType their kind
 * @param at when it polled its queue
 */
public record TunerStart(int number, String machine, String instanceType, Instant at) {}
