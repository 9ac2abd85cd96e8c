package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.plan.PlanActivities;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.tuning.OutputActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.workspace.course.Adapters;
import io.kaitoflow.workflows.workspace.course.Course;
import io.kaitoflow.workflows.workspace.course.StepFailed;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Step;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.kaitoflow.workflows.workspace.ledger.StepKeys;
import io.kaitoflow.workflows.workspace.ledger.Undo;
import io.kaitoflow.workflows.workspace.wish.Wishes;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.util.Optional;

/** One pass towards the wish: step after step as {@link Course} says, each undo noted before its call. */
final class Convergence {

    /** How a pass ended, for which wish, and whether it began with a look at the machine. */
    record Outcome(Phase phase, String signature, boolean looked) {}

    private record Running(Step step, StepKey key) {}

    private final ShortSteps steps;
    private final Wishes wishes;
    private final Ledger ledger;
    private final GiveBack giveBack;
    private final MachineClaims claims;
    private final PhaseBoard board;
    private final ServingHours hours;
    private final Parking parking;
    private final BlockRetry blockRetry;
    private final Succession succession;
    private Optional<Running> running = Optional.empty();
    private Optional<Step> unfinished = Optional.empty();
    private String begunFor = "";
    private boolean lookFirst;
    private boolean looked;
    private int troubles;

    Convergence(
            ShortSteps steps,
            Wishes wishes,
            Ledger ledger,
            GiveBack giveBack,
            MachineClaims claims,
            PhaseBoard board,
            ServingHours hours,
            Succession succession) {
        this.steps = steps;
        this.wishes = wishes;
        this.ledger = ledger;
        this.giveBack = giveBack;
        this.claims = claims;
        this.board = board;
        this.hours = hours;
        this.succession = succession;
        this.parking = new Parking(ledger);
        this.blockRetry = new BlockRetry(ledger);
    }

    /** Begins with a look at the machine, to which something is said to have happened. */
    Convergence afterLook() {
        lookFirst = true;
        return this;
    }

    /** Goes on until the wish is fulfilled or a step failed for good; cancellation of the scope passes through. */
    Outcome run() {
        Optional<Outcome> outcome = Optional.empty();
        while (outcome.isEmpty()) {
            try {
                outcome = step();
            } catch (StepFailed failed) {
                outcome = failed(failed.failure());
            }
        }
        return outcome.get();
    }

    /** The next step; an outcome where there is none. */
    private Optional<Outcome> step() {
        stopIfHalted();
        begunFor = wishes.signature();
        ledger.surge().pursue(begunFor);
        Course course = new Course(wishes.request(), ledger);
        if (!ledger.surge().kept()) {
            course.refusal().ifPresent(Convergence::fail);
        }
        if (hours.exhausted()) {
            return Optional.of(new Outcome(hours.ended(), wishes.signature(), looked));
        }
        Optional<Step> next = next(course);
        next.ifPresent(step -> take(step, course));
        return next.isPresent()
                ? Optional.empty()
                : Optional.of(new Outcome(end(course.request()), wishes.signature(), looked));
    }

    private Optional<Outcome> failed(Failure failure) {
        stopIfOutdated();
        if (!wishes.deleted() && succession.outlives(unfinished, told(failure), new Course(wishes.request(), ledger))) {
            return Optional.empty();
        }
        return Optional.of(new Outcome(new Phase.Failed(told(failure)), failedFor(), looked));
    }

    /** Nothing more is done for the wish, and what was served before is served on. */
    Outcome keep(String why) {
        ledger.surge().pursue(wishes.signature());
        succession.keep(why);
        return new Outcome(new Phase.Serving(), wishes.signature(), looked);
    }

    /** A wish that is deleted has nothing that it could still be pushed for. */
    private Failure told(Failure failure) {
        return wishes.deleted() ? failure : parking.told(failure, new Course(wishes.request(), ledger));
    }

    private Optional<Step> next(Course course) {
        if (lookFirst && !looked) {
            looked = true;
            return Optional.of(Step.LOOK);
        }
        return ledger.surge().kept() ? Optional.empty() : course.next();
    }

    /** Whether the wish has moved away from what is being done. */
    boolean outdated() {
        return running.map(now -> wishes.interrupt(now.step(), now.key())).orElse(false);
    }

    /** A step may end well although it was to be broken off, and the wish then says nothing to go on with. */
    private void stopIfHalted() {
        if (wishes.halted()) {
            throw new CanceledFailure("Nothing is to run.");
        }
    }

    /** A step that was to be broken off may end badly as well; its failure then says nothing about the wish of today. */
    private void stopIfOutdated() {
        if (outdated()
                && Workflow.getVersion("outdated-failure", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            throw new CanceledFailure("The wish changed.");
        }
    }

    /** An edit that left the failing step alone, e.g. of a Secret that it read, may have mended what it failed of. */
    private String failedFor() {
        String now = wishes.signature();
        return begunFor.equals(now)
                        || Workflow.getVersion("failed-wish", Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION
                ? now
                : begunFor;
    }

    private void take(Step step, Course course) {
        running = Optional.of(new Running(step, course.key(step)));
        unfinished = Optional.of(step);
        try {
            perform(step, course);
            unfinished = Optional.empty();
        } catch (ActivityFailure thrown) {
            if (thrown.getCause() instanceof CanceledFailure cancelled) {
                throw cancelled;
            }
            recover(step, course, thrown);
        }
    }

    private void perform(Step step, Course course) {
        WorkspaceRequest request = course.request();
        switch (step) {
            case PLAN -> plan(request, course.key(step));
            case PREFLIGHT -> inspect(course, course.key(step));
            case LOOK -> claims.foundTroubleUnderServer();
            case STEP_ASIDE -> ledger.stepAside();
            case STEP_BACK -> succession.stepBack();
            case DISMISS -> succession.dismiss();
            case GIVE_BACK -> succession.giveBackFor(request);
            case CLAIM -> claims.claim(request, plan().machines());
            case STOP_SERVER -> giveBack.one(new Undo.Retire());
            case STOP_TUNER -> claims.stopTuner();
            case START_TUNER -> startTuner(request);
            case START_PUSHER -> startPusher(course);
            case MOVE -> move(course);
            case DISCARD -> parking.discard(request.id());
            case FETCH, TUNE, EVALUATE, PUSH -> new TunerSteps(course, board, plan().preset()).perform(step);
            case ROLL -> roll(course);
        }
    }

    private void plan(WorkspaceRequest request, StepKey key) {
        board.enter(new Phase.Accepted());
        ledger.planned(key, plans().plan(request));
    }

    private void inspect(Course course, StepKey key) {
        board.enter(new Phase.Preflight());
        PreflightReport report =
                steps.inspect(new PreflightActivities.Input(course.request(), plan(), course.serverStays()));
        ledger.inspected(key, report);
        if (!report.passed()) {
            fail(report.refused());
        }
    }

    private void startTuner(WorkspaceRequest request) {
        var lease = ledger.lease().orElseThrow();
        board.enter(new Phase.Provisioning(lease.option().instanceType(), Phase.Provisioning.TUNER_STARTS));
        ledger.owe(new Undo.StopTuner());
        ledger.meters().bound(ledger.machine(), PhaseBoard.now());
        int number = ledger.nextTunerStart();
        var handle = rollout()
                .startTuner(new RolloutActivities.TunerInput(
                        request.id(), lease, number, request.goal().tuning(), plan().trainingMemory()));
        ledger.tunerStarted(
                handle,
                new TunerStart(
                        number, String.join(", ", lease.nodes()), lease.option().instanceType(), PhaseBoard.now()));
    }

    private void startPusher(Course course) {
        board.enter(new Phase.Publishing());
        if (!parking.stillKeeps(course)) {
            return;
        }
        WorkspaceRequest request = course.request();
        ledger.owe(new Undo.StopTuner());
        ledger.pusherStarted(rollout()
                .startPusher(new RolloutActivities.PusherInput(
                        request.id(),
                        ledger.nextTunerStart(),
                        request.goal().tuning().orElseThrow())));
    }

    /** Whatever serves goes on meanwhile. The training's report is not moved. What is not there any more is made again. */
    private void move(Course course) {
        board.enter(new Phase.Publishing());
        PushedImage from = ledger.output().orElseThrow().value();
        WorkspaceRequest request = course.request();
        if (Course.movesLater() && new TakeOver(request, ledger).lost(from)) {
            return;
        }
        PushedImage moved = outputs()
                .move(new OutputActivities.Move(
                        request.id(),
                        from,
                        ledger.trained().orElseThrow().value(),
                        plan().preset().name(),
                        request.goal().tuning().orElseThrow().output(),
                        course.accepted()));
        ledger.pushed(course.pushKey(), moved, PhaseBoard.now());
        ledger.journal().reported(AttachedReport.missing("It is attached to " + from.image() + ", pushed first."));
    }

    private void roll(Course course) {
        RollInput input = input(course.request());
        if (succession.stepsAside(course, input)) {
            return;
        }
        board.enter(new Phase.RollingOut());
        ledger.owe(new Undo.Retire());
        StepKey key = StepKeys.roll(
                course.request(), input.adapters(), ledger.machine().orElseThrow());
        Endpoint endpoint =
                rollout().roll(succession.standing().map(input::beside).orElse(input));
        if (succession.succeeds(endpoint)) {
            ledger.serving(key, endpoint, PhaseBoard.now());
        }
    }

    private RollInput input(WorkspaceRequest request) {
        return new RollInput(
                request.id(),
                ledger.lease().orElseThrow(),
                plan().preset(),
                new Adapters(request, ledger).served(),
                request.goal().model().accessSecret(),
                plan().servingMemory(),
                request.goal().limits(),
                request.serving(),
                request.goal().template(),
                Optional.empty());
    }

    /** Outside the tuner the retry policies have done what could be done; inside, the block is tried again. */
    private void recover(Step step, Course course, ActivityFailure thrown) {
        if (step == Step.ROLL && succession.standing().isEmpty() && machineIsToBlame()) {
            return;
        }
        if (!step.inTuner()) {
            fail(Failure.of(thrown, step == Step.ROLL ? FailureKind.SERVER_NOT_READY : FailureKind.INTERNAL));
        }
        failWithoutImage(thrown);
        if (step == Step.PUSH && parking.pushesAgain(thrown, course)) {
            return;
        }
        int inVain = blockRetry.afterFailure(thrown, course.request(), course.key(Step.TUNE));
        if (!course.parked()) {
            ledger.resumed();
        }
        NamedTimer.sleep("Before the tuner is started again", ActivityPolicies.BLOCK_PAUSE.multipliedBy(inVain));
        // A tuner that fell silent may still live; two of them on one machine would fight for its memory.
        claims.stopTuner();
        ledger.tunerLost();
        claims.dropIfLost();
    }

    /** A server that does not come up because its machine went is rolled out on another one, and one that came back again. */
    private boolean machineIsToBlame() {
        boolean blamed = troubles < ActivityPolicies.LOST_MACHINES && Vigil.kept() && claims.foundTroubleUnderServer();
        troubles += blamed ? 1 : 0;
        return blamed;
    }

    /** An image that stayed away for minutes stays away from the next attempt too; on another machine as well. */
    private static void failWithoutImage(ActivityFailure thrown) {
        Failure failure = Failure.of(thrown, FailureKind.TUNER_LOST);
        if (failure.kind() == FailureKind.IMAGE_UNAVAILABLE
                && Workflow.getVersion("image-borne-once", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            fail(failure);
        }
    }

    private Phase end(WorkspaceRequest request) {
        return request.goal().serves() ? new Phase.Serving() : new Phase.Completed();
    }

    private WorkspacePlan plan() {
        return ledger.plan().orElseThrow().value();
    }

    private static void fail(Failure failure) {
        throw new StepFailed(failure);
    }

    private static PlanActivities plans() {
        return Workflow.newLocalActivityStub(PlanActivities.class, ActivityPolicies.plan());
    }

    private static RolloutActivities rollout() {
        return Workflow.newActivityStub(RolloutActivities.class, ActivityPolicies.rollout());
    }

    private static OutputActivities outputs() {
        return Workflow.newActivityStub(OutputActivities.class, ActivityPolicies.move());
    }
}
