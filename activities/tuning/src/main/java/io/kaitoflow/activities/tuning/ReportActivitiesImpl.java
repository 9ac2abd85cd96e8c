package io.kaitoflow.activities.tuning;

import io.kaitoflow.activities.tuning.report.TrainingReport;
import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.report.ReportActivities;
import java.util.Optional;

/** Writes what is known of a training, and hands it on. */
public final class ReportActivitiesImpl implements ReportActivities {

    private final TuningRuns runs;
    private final ReportShelf shelf;

    public ReportActivitiesImpl(TuningRuns runs, ReportShelf shelf) {
        this.runs = runs;
        this.shelf = shelf;
    }

    @Override
    public AttachedReport attach(Input input) {
        return ActivityFailures.call(() -> {
            var result = new TrainingReport.Result(input.evaluation(), input.image(), input.journey());
            return shelf.put(input, runs.report(input.trained(), input.adapter(), Optional.of(result)));
        });
    }
}
