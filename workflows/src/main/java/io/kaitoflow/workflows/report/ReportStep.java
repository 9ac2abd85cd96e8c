package io.kaitoflow.workflows.report;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;

/** Has a result reported. A report that cannot be had is said and fails nothing: the result is safe already. */
public final class ReportStep {

    /** Runs that pushed before this made no report. */
    private static final String MARKER = "training-report";

    private ReportStep() {}

    /** Whether this run makes reports; asked where one would be made. */
    public static boolean isDue() {
        return Workflow.getVersion(MARKER, Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** In a scope that no cancellation reaches: it is short, and nobody would ask for it again. */
    public static AttachedReport attach(ActivityOptions options, ReportActivities.Input input) {
        ReportActivities reports = Workflow.newActivityStub(ReportActivities.class, options);
        var done = Workflow.<AttachedReport>newPromise();
        Workflow.newDetachedCancellationScope(() -> done.complete(answer(reports, input)))
                .run();
        return done.get();
    }

    private static AttachedReport answer(ReportActivities reports, ReportActivities.Input input) {
        try {
            return reports.attach(input);
        } catch (ActivityFailure refused) {
            return AttachedReport.missing(
                    Failure.of(refused, FailureKind.TUNER_LOST).message());
        }
    }
}
