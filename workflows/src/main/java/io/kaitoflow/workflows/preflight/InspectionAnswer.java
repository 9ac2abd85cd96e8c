package io.kaitoflow.workflows.preflight;

import java.util.List;
import java.util.Optional;

/**
 * What was seen of a tuning job's data and of the place of its result, or of adapters, by whoever looked where they lie.
 *
 * @param dataset absent when the rows could not be read, or there are none
 * @param findings in the order in which things were looked at
 */
public record InspectionAnswer(Optional<DatasetReport> dataset, List<Finding> findings) {

    public InspectionAnswer {
        findings = List.copyOf(findings);
    }

    /** Whether the rows were read and nothing of it stops a run. */
    public boolean passed() {
        return dataset.isPresent() && clean();
    }

    /** Whether no finding stops a run. */
    public boolean clean() {
        return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.REFUSAL);
    }
}
