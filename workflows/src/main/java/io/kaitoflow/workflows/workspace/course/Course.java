package io.kaitoflow.workflows.workspace.course;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.workspace.ledger.Keyed;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Predecessor;
import io.kaitoflow.workflows.workspace.ledger.Step;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.kaitoflow.workflows.workspace.ledger.StepKeys;
import io.kaitoflow.workflows.workspace.ledger.Undo;
import io.temporal.workflow.Workflow;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is to be done next: a pure function of the wish and of what is done. A step is done when its result is in the ledger under
 * the key that the wish gives it today, so an edit runs again exactly what it touches.
 */
public record Course(WorkspaceRequest request, Ledger ledger) {

    /** The next step; empty when the wish is fulfilled. */
    public Optional<Step> next() {
        if (succeeded()) {
            return Optional.of(Step.DISMISS);
        }
        if (missing(ledger.plan(), key(Step.PLAN))) {
            return Optional.of(Step.PLAN);
        }
        if (!inspected() && !takenOver() && !parked()) {
            return Optional.of(Step.PREFLIGHT);
        }
        if (isBackWhereItWas()) {
            return Optional.of(Step.STEP_BACK);
        }
        if (leaseIsWrong()) {
            return Optional.of(stepsAside() ? Step.STEP_ASIDE : Step.GIVE_BACK);
        }
        if (request.goal().tuning().isPresent() && !pushed()) {
            return Optional.of(movable() ? Step.MOVE : nextOfTuning());
        }
        if (ledger.kept().berthed()) {
            return Optional.of(ledger.owed().contains(new Undo.StopTuner()) ? Step.STOP_TUNER : Step.DISCARD);
        }
        return request.goal().serves() ? nextOfServing() : nextOfEnding();
    }

    /** Whether what comes next is done on a second machine, while the server that stands answers. */
    public boolean stepsAside() {
        return ledger.surge().predecessor().isEmpty()
                && ledger.surge().open()
                && ledger.lease().isPresent()
                && ledger.endpoint().isPresent()
                && wantsNoOutage();
    }

    /** Whether a server answers on a machine that the wish leaves it, so that no machine is bought for the wish. */
    public boolean serverStays() {
        return ledger.endpoint().isPresent()
                && !request.serving().surge()
                && ledger.machine().filter(this::wants).filter(this::isPlanned).isPresent();
    }

    private boolean isPlanned(NodeRequest machine) {
        return ledger.plan().stream()
                .flatMap(plan -> ofKind(machine, plan.value()))
                .anyMatch(option -> ofItsCapacity(option, machine));
    }

    /** Whether a model answers that is to go on answering, whatever becomes of the wish. */
    public boolean answersOn() {
        return ledger.answering().isPresent() && wantsNoOutage();
    }

    /** In runs that began such an edit before this, the server made room. */
    private boolean wantsNoOutage() {
        return request.goal().serves()
                && request.serving().surge()
                && Workflow.getVersion("surge", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    private boolean succeeded() {
        return ledger.surge().predecessor().isPresent() && ledger.endpoint().isPresent();
    }

    /** The wish is again what is served on the first machine; or the second one was for tuning, and the first is to serve the result. */
    private boolean isBackWhereItWas() {
        return ledger.surge()
                .predecessor()
                .filter(before -> firstMachineFits()
                        && (before.endpoint().key().equals(rollKey(before.machine())) || ledger.tunedOnThisLease()))
                .filter(before -> request.goal().tuning().isEmpty() || pushed())
                .isPresent();
    }

    /** Whether the machine of the server that answers may be used for the wish. */
    public boolean firstMachineFits() {
        return ledger.surge()
                .predecessor()
                .map(Predecessor::machine)
                .filter(this::fits)
                .isPresent();
    }

    /** Whether something is still to be tuned, evaluated or pushed: what money and time are bounded for. */
    public boolean tuningAhead() {
        return request.goal().tuning().isPresent() && !pushed() && !parked();
    }

    /** Whether what is wished for waits to be pushed where no machine is leased, and nowhere else. */
    public boolean parked() {
        return kept() && missing(ledger.adapter(), key(Step.TUNE));
    }

    /** Whether what is wished for and is not pushed outlives the machine that made it. */
    public boolean kept() {
        return request.goal().tuning().isPresent()
                && !pushed()
                && !missing(ledger.kept().result(), key(Step.TUNE))
                && !missing(ledger.evaluation(), key(Step.EVALUATE));
    }

    /** The gate's refusal, once the refused result is safe under its other tag, and nothing is kept elsewhere for it. */
    public Optional<Failure> refusal() {
        return request.goal().tuning().isPresent()
                        && pushed()
                        && !accepted()
                        && !ledger.kept().berthed()
                ? ledger.evaluation().map(evaluation -> Gate.refusal(evaluation.value(), request.terms()))
                : Optional.empty();
    }

    /** Whether the adapter may get the user's tag; true while nothing was evaluated. */
    public boolean accepted() {
        return ledger.evaluation()
                .map(evaluation -> Gate.accepts(evaluation.value(), request.terms()))
                .orElse(true);
    }

    public StepKey pushKey() {
        return StepKeys.push(request, accepted());
    }

    public StepKey key(Step step) {
        return StepKeys.of(step, request);
    }

    private Step nextOfTuning() {
        if (parked()) {
            return ledger.tuner().isEmpty() ? Step.START_PUSHER : Step.PUSH;
        }
        if (ledger.lease().isEmpty()) {
            return Step.CLAIM;
        }
        if (ledger.owed().contains(new Undo.Retire())
                && ledger.surge().predecessor().isEmpty()) {
            return stepsAside() ? Step.STEP_ASIDE : Step.STOP_SERVER;
        }
        if (ledger.tuner().isEmpty()) {
            return Step.START_TUNER;
        }
        return nextInTuner();
    }

    /** Who made it is gone, and its disk with it; in runs that began such an edit before this, it was tuned or at least pushed anew. */
    private boolean movable() {
        return ledger.tuner().isEmpty()
                && !missing(ledger.trained(), key(Step.TUNE))
                && !missing(ledger.evaluation(), key(Step.EVALUATE))
                && request.goal().tuning().orElseThrow().output() instanceof OutputTarget.Image
                && ledger.output().map(pushed -> !pushed.value().liesInVolume()).orElse(false)
                && (missing(ledger.adapter(), key(Step.TUNE)) ? movesLater() : moves());
    }

    private static boolean moves() {
        return Workflow.getVersion("moved-output", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** Whether a result is moved although its machine went back, and looked for before. */
    public static boolean movesLater() {
        return Workflow.getVersion("moved-later", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    private Step nextInTuner() {
        if (missing(ledger.adapter(), key(Step.TUNE))) {
            return missing(ledger.inputs(), key(Step.FETCH)) ? Step.FETCH : Step.TUNE;
        }
        return missing(ledger.evaluation(), key(Step.EVALUATE)) ? nextForEvaluation() : Step.PUSH;
    }

    private Step nextForEvaluation() {
        return missing(ledger.inputs(), key(Step.FETCH)) ? Step.FETCH : Step.EVALUATE;
    }

    private Optional<Step> nextOfServing() {
        if (ledger.owed().contains(new Undo.StopTuner())) {
            return Optional.of(Step.STOP_TUNER);
        }
        if (ledger.lease().isEmpty()) {
            return Optional.of(Step.CLAIM);
        }
        if (request.terms().releaseAfterTuning() && ledger.tunedOnThisLease()) {
            return Optional.of(Step.GIVE_BACK);
        }
        return rolled() ? Optional.empty() : Optional.of(Step.ROLL);
    }

    private Optional<Step> nextOfEnding() {
        return ledger.owed().isEmpty() ? Optional.empty() : Optional.of(Step.GIVE_BACK);
    }

    private boolean inspected() {
        return !missing(ledger.preflight(), key(Step.PREFLIGHT))
                && ledger.preflight()
                        .map(Keyed::value)
                        .map(PreflightReport::passed)
                        .orElse(false);
    }

    /** What an earlier run made was looked at before it was made; its data may be gone by now. */
    private boolean takenOver() {
        return ledger.tookOver() && pushed();
    }

    private boolean pushed() {
        return !missing(ledger.evaluation(), key(Step.EVALUATE)) && !missing(ledger.output(), pushKey());
    }

    private boolean rolled() {
        return ledger.machine()
                .map(machine -> !missing(ledger.endpoint(), rollKey(machine)))
                .orElse(false);
    }

    private StepKey rollKey(NodeRequest machine) {
        return StepKeys.roll(request, new Adapters(request, ledger).served(), machine);
    }

    private boolean leaseIsWrong() {
        return ledger.machine().map(machine -> !fits(machine)).orElse(false);
    }

    private boolean fits(NodeRequest machine) {
        return ledger.plan().map(plan -> fits(machine, plan.value())).orElse(true);
    }

    /** A lease is kept while its kind of machine is still among those wished for. */
    private boolean fits(NodeRequest machine, WorkspacePlan plan) {
        return wants(machine)
                && ofKind(machine, plan).anyMatch(option -> ofItsCapacity(option, machine) || !capacityTypesCount());
    }

    private boolean wants(NodeRequest machine) {
        return machine.machines().count() == request.machines().count()
                && machine.machines().labels().equals(request.machines().labels());
    }

    private static boolean ofItsCapacity(MachineOption option, NodeRequest machine) {
        return option.spot() == machine.option().spot();
    }

    private static Stream<MachineOption> ofKind(NodeRequest machine, WorkspacePlan plan) {
        return plan.machines().stream()
                .filter(option -> option.instanceType().equals(machine.option().instanceType()));
    }

    /** Runs from before kept a spot machine when nobody wanted spot any more. */
    private static boolean capacityTypesCount() {
        return Workflow.getVersion("capacity-type", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    private static boolean missing(Optional<? extends Keyed<?>> result, StepKey key) {
        return result.map(done -> !done.key().equals(key)).orElse(true);
    }
}
