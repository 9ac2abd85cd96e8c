package io.kaitoflow.activities.tuning;

import io.kaitoflow.activities.tuning.report.TrainingReport;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.report.ReportActivities;

/** Puts reports where they stay. Owned here, implemented by the worker. */
@FunctionalInterface
public interface ReportShelf {

    /** Puts a report beside the result of which it tells; the same report twice is one. */
    AttachedReport put(ReportActivities.Input input, TrainingReport report);
}
