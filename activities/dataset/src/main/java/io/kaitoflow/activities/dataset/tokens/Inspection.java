package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.workflows.preflight.DatasetReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was seen of a data set.
 *
 * @param report over the usable rows; absent when there are none
 * @param problems sentences that name file and row, the first twenty
 * @param problemCount all of them
 * @param notes sentences that a user should read, though nothing is wrong
 */
public record Inspection(Optional<DatasetReport> report, List<String> problems, long problemCount, List<String> notes) {

    public Inspection {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /** The same, and this was seen while its files were fetched. */
    public Inspection withNotes(List<String> seen) {
        List<String> all = Stream.concat(seen.stream(), notes.stream()).toList();
        return new Inspection(report, problems, problemCount, all);
    }
}
