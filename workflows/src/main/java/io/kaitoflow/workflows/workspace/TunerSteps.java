package io.kaitoflow.workflows.workspace;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.TuningActivities;
import io.kaitoflow.workflows.tuning.TuningActivities.TuneInput;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;

/** The steps that happen in the tuner, on the queue that only this workspace's tuner polls. */
record TunerSteps(Course course, PhaseBoard board, Preset preset) {

    void perform(Step step) {
        switch (step) {
            case FETCH -> fetch();
            case TUNE -> tune();
            case EVALUATE -> evaluate();
            case PUSH -> push();
            default -> throw new IllegalArgumentException(step + " does not happen in the tuner");
        }
    }

    private void fetch() {
        board.enter(new Phase.Fetching());
        DatasetActivities dataset = stub(DatasetActivities.class, ActivityPolicies.fetch(queue()));
        ledger().fetched(course.key(Step.FETCH), dataset.fetch(new DatasetActivities.Input(id(), preset, job())));
    }

    private void tune() {
        board.enter(new Phase.Tuning(ledger().resumes(), ledger().halving(course.key(Step.TUNE))));
        ledger().shelved(job().output());
        TuningActivities tuning = stub(TuningActivities.class, ActivityPolicies.tune(queue()));
        ledger().tuned(course.key(Step.TUNE), tuning.tune(tuneInput()));
    }

    private void evaluate() {
        board.enter(new Phase.Evaluating());
        TuningActivities tuning = stub(TuningActivities.class, ActivityPolicies.evaluate(queue()));
        ledger().evaluated(
                        course.key(Step.EVALUATE),
                        tuning.evaluate(new TuningActivities.EvaluateInput(tuneInput(), adapter())));
    }

    private void push() {
        board.enter(new Phase.Publishing());
        ImageActivities images = stub(ImageActivities.class, ActivityPolicies.push(queue()));
        ledger().pushed(
                        course.pushKey(),
                        images.push(new ImageActivities.Input(
                                id(), adapter(), preset.name(), job().output(), course.accepted())),
                        PhaseBoard.now());
    }

    private TuneInput tuneInput() {
        StepKey key = course.key(Step.TUNE);
        FetchedInputs inputs = ledger().inputs().orElseThrow().value();
        return new TuneInput(id(), key, preset, job(), inputs, ledger().batchDivisor(key));
    }

    private AdapterArtifact adapter() {
        return ledger().adapter().orElseThrow().value();
    }

    private Ledger ledger() {
        return course.ledger();
    }

    private WorkspaceId id() {
        return course.request().id();
    }

    private TuningJob job() {
        return course.request().goal().tuning().orElseThrow();
    }

    private String queue() {
        return ledger().tuner().orElseThrow().taskQueue();
    }

    private static <T> T stub(Class<T> activities, ActivityOptions options) {
        return Workflow.newActivityStub(activities, options);
    }
}
