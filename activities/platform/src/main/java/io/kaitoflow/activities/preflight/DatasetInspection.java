package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.request.TuningJob;
import java.util.List;
import java.util.Optional;

/** Looks into the training rows before anything is bought. */
@FunctionalInterface
public interface DatasetInspection {

    /**
     * Reads and tokenises the rows.
     *
     * @return what they hold and what is odd about them; a {@code Classified} exception is one more finding
     */
    Inspection inspect(TuningJob job, Preset preset);

    /**
     * What was seen.
     *
     * @param report absent when the rows could not be read
     * @param findings in the order of the rows
     */
    record Inspection(Optional<DatasetReport> report, List<Finding> findings) {
        public Inspection {
            findings = List.copyOf(findings);
        }

        /** Nothing odd. */
        public static Inspection of(DatasetReport report) {
            return new Inspection(Optional.of(report), List.of());
        }
    }
}
