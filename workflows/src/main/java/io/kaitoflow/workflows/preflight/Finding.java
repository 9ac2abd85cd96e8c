package io.kaitoflow.workflows.preflight;

import io.kaitoflow.workflows.failure.FailureKind;

/**
 * One thing that preflight saw.
 *
 * @param severity whether it stops the run
 * @param kind what sort of thing
 * @param subject field path, file, row or address
 * @param message one sentence: value, rule, cure
 */
public record Finding(Severity severity, FailureKind kind, String subject, String message) {

    /** How much a finding matters. */
    public enum Severity {
        /** The run stops before anything is bought. */
        REFUSAL,
        /** The run goes on. */
        WARNING,
        /** Good to know. */
        NOTE
    }
}
