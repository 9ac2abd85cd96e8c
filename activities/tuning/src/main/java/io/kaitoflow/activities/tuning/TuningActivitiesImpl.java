package io.kaitoflow.activities.tuning;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.TuningActivities;
import java.util.function.Supplier;

/** The workflow's door to the trainer. */
public final class TuningActivitiesImpl implements TuningActivities {

    private final TuningRuns runs;
    private final Supplier<StepSupervisor> supervisors;

    /** @param supervisors gives one for each run of an activity, on the thread that runs it */
    public TuningActivitiesImpl(TuningRuns runs, Supplier<StepSupervisor> supervisors) {
        this.runs = runs;
        this.supervisors = supervisors;
    }

    @Override
    public AdapterArtifact tune(TuneInput input) {
        return ActivityFailures.call(() -> runs.tune(input, supervisors.get()));
    }

    @Override
    public Evaluation evaluate(EvaluateInput input) {
        return ActivityFailures.call(() -> runs.evaluate(input));
    }
}
