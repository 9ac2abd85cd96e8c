package io.kaitoflow.activities.tuning;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.TuningActivities;

/** The workflow's door to the trainer. */
public final class TuningActivitiesImpl implements TuningActivities {

    private final TuningRuns runs;
    private final StepSupervisor supervisor;

    /** @param supervisor of the activity that the calling thread runs */
    public TuningActivitiesImpl(TuningRuns runs, StepSupervisor supervisor) {
        this.runs = runs;
        this.supervisor = supervisor;
    }

    @Override
    public AdapterArtifact tune(TuneInput input) {
        return ActivityFailures.call(() -> runs.tune(input, supervisor));
    }

    @Override
    public Evaluation evaluate(EvaluateInput input) {
        return ActivityFailures.call(() -> runs.evaluate(input));
    }
}
