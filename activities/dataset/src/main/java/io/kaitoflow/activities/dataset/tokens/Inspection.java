package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.workflows.preflight.DatasetReport;
import java.util.List;
import java.util.Optional;

/**
 * What was seen of a data set.
 *
 * @param report over the usable rows; absent when there are none
 * @param problems sentences that name file and row, the first twenty
 * @param problemCount all of them
 */
public record Inspection(Optional<DatasetReport> report, List<String> problems, long problemCount) {

    public Inspection {
        problems = List.copyOf(problems);
    }
}
