package io.kaitoflow.workflows.preflight;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Everything found before a node is bought; the same as {@code kaitoflow check} prints.
 *
 * @param findings all of them, not only the first
 * @param dataset absent when the data could not be read or nothing is tuned
 * @param adapters the request's adapters with their tags resolved to digests, so that history says what was served
 */
public record PreflightReport(List<Finding> findings, Optional<DatasetReport> dataset, List<ServedAdapter> adapters) {

    public PreflightReport {
        findings = List.copyOf(findings);
        adapters = List.copyOf(adapters);
    }

    /** A report on a request without adapters. */
    public PreflightReport(List<Finding> findings, Optional<DatasetReport> dataset) {
        this(findings, dataset, List.of());
    }

    /** Whether the run may go on. */
    public boolean passed() {
        return refusals().isEmpty();
    }

    /**
     * All refusals as one failure, of the first one's kind.
     *
     * @throws IllegalStateException when the report passed
     */
    public Failure refused() {
        List<Finding> refusals = refusals();
        if (refusals.isEmpty()) {
            throw new IllegalStateException("The report has no refusal");
        }
        String message = refusals.stream().map(Finding::message).distinct().collect(Collectors.joining(" "));
        return new Failure(refusals.getFirst().kind(), message);
    }

    /** The findings that stop the run. */
    public List<Finding> refusals() {
        return findings.stream().filter(f -> f.severity() == Severity.REFUSAL).toList();
    }
}
