package io.kaitoflow.workflows.workspace;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.report.Journey;
import io.kaitoflow.workflows.report.ReportActivities;
import io.kaitoflow.workflows.report.ReportStep;
import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.TunerOffer;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningActivities;
import io.kaitoflow.workflows.tuning.TuningActivities.TuneInput;
import io.kaitoflow.workflows.workspace.course.Course;
import io.kaitoflow.workflows.workspace.ledger.Keyed;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Step;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import java.util.List;

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
        var input = new DatasetActivities.Input(id(), preset, job());
        ledger().fetched(
                        course.key(Step.FETCH),
                        offer(ActivityPolicies.fetch(queue()))
                                .take(options ->
                                        stub(DatasetActivities.class, options).fetch(input)));
    }

    private void tune() {
        board.enter(new Phase.Tuning(ledger().resumes(), ledger().batch().reason(course.key(Step.TUNE))));
        ledger().shelves().used(job().output());
        TuneInput input = tuneInput();
        ledger().tuned(
                        course.key(Step.TUNE),
                        offer(ActivityPolicies.tune(queue()))
                                .take(options ->
                                        stub(TuningActivities.class, options).tune(input)));
    }

    private void evaluate() {
        board.enter(new Phase.Evaluating());
        var input = new TuningActivities.EvaluateInput(tuneInput(), adapter());
        ledger().evaluated(
                        course.key(Step.EVALUATE),
                        offer(ActivityPolicies.evaluate(queue()))
                                .take(options ->
                                        stub(TuningActivities.class, options).evaluate(input)));
    }

    private void push() {
        board.enter(new Phase.Publishing());
        var input = new ImageActivities.Input(id(), adapter(), preset.name(), job().output(), course.accepted());
        PushedImage image = offer(ActivityPolicies.push(queue()))
                .take(options -> stub(ImageActivities.class, options).push(input));
        boolean kept = course.parked();
        ledger().pushed(course.pushKey(), image, PhaseBoard.now());
        if (kept) {
            ledger().journal()
                    .reported(AttachedReport.missing(
                            "What the report tells was lost with the training's machine; the adapter"
                                    + " was kept and pushed later."));
        } else {
            report();
        }
    }

    private void report() {
        if (ReportStep.isDue()) {
            ledger().journal().reported(ReportStep.attach(ActivityPolicies.report(queue()), reportInput()));
        }
    }

    private ReportActivities.Input reportInput() {
        return new ReportActivities.Input(
                tuneInput(),
                adapter(),
                ledger().evaluation().map(Keyed::value),
                ledger().output().orElseThrow().value(),
                journey());
    }

    private Journey journey() {
        String halving = ledger().batch().reason(course.key(Step.TUNE));
        return new Journey(
                Workflow.getInfo().getRunId(),
                PhaseBoard.now(),
                ledger().meters().spending(),
                ledger().meters().bounded(),
                ledger().journal().starts(),
                ledger().attempts(),
                halving.isEmpty() ? List.of() : List.of(halving + "."));
    }

    private TuneInput tuneInput() {
        StepKey key = course.key(Step.TUNE);
        FetchedInputs inputs = ledger().inputs().orElseThrow().value();
        int start = ledger().journal().starts().stream()
                .mapToInt(TunerStart::number)
                .max()
                .orElse(0);
        return new TuneInput(id(), key, preset, job(), inputs, ledger().batch().divisor(key), start);
    }

    private AdapterArtifact adapter() {
        return course.parked()
                ? ledger().kept().result().orElseThrow().value().adapter()
                : ledger().adapter().orElseThrow().value();
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

    private TunerOffer offer(ActivityOptions step) {
        return new TunerOffer(id(), step, ActivityPolicies.tunerEnd(), ActivityPolicies.TUNER_STANDS_IDLE);
    }

    private static <T> T stub(Class<T> activities, ActivityOptions options) {
        return Workflow.newActivityStub(activities, options);
    }
}
