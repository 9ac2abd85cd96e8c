package io.kaitoflow.workflows.preflight;

import io.kaitoflow.workflows.preflight.Finding.Severity;
import java.util.List;
import java.util.Optional;

/**
 * Everything found before a node is bought; the same as {@code kaitoflow check} prints.
 *
 * @param findings all of them, not only the first
 * @param dataset absent when the data could not be read or nothing is tuned
 */
public record PreflightReport(List<Finding> findings, Optional<DatasetReport> dataset) {

    public PreflightReport {
        findings = List.copyOf(findings);
    }

    /** Whether the run may go on. */
    public boolean passed() {
        return refusals().isEmpty();
    }

    /** The findings that stop the run. */
    public List<Finding> refusals() {
        return findings.stream().filter(f -> f.severity() == Severity.REFUSAL).toList();
    }
}
