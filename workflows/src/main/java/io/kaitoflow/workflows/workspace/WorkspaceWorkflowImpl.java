package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.workspace.Convergence.Outcome;
import io.kaitoflow.workflows.workspace.course.Course;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Undo;
import io.kaitoflow.workflows.workspace.wish.Orders;
import io.kaitoflow.workflows.workspace.wish.Verdicts;
import io.kaitoflow.workflows.workspace.wish.Wishes;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entity workflow of a workspace. Handlers only store; the loop acts: it pursues the newest wish, rests in a waiting phase
 * until there is another, and closes after the last one, which is deletion.
 */
public final class WorkspaceWorkflowImpl implements WorkspaceWorkflow {

    /** What was sent had no content. */
    private static final Order NOTHING = new Order("", 0, "");

    private final WorkspaceInput input;
    private final Wishes wishes;
    private final Ledger ledger;
    private final PhaseBoard board;
    private final GiveBack giveBack;
    private final ShortSteps steps;
    private final NodeNews news = new NodeNews();
    private final MachineClaims claims;
    private final StatusPublisher publisher;
    private final BoundWatch bounds;
    private final ServingHours hours;
    private final ShelvedCheckpoints checkpoints;
    private String settled;

    @WorkflowInit
    public WorkspaceWorkflowImpl(WorkspaceInput input) {
        Optional<WorkspaceState> carried = input.carried();
        this.input = input;
        this.wishes = new Wishes(
                carried.map(WorkspaceState::desired).orElse(null),
                carried.map(WorkspaceState::orders).orElseGet(Orders::none),
                WorkspaceWorkflowImpl::pausesStayBeneath);
        this.ledger = carried.map(WorkspaceState::ledger).orElseGet(Ledger::new);
        // Only a real server knows search attributes.
        this.steps = new ShortSteps(input.searchable());
        this.board = new PhaseBoard(
                carried.map(WorkspaceState::phase).orElseGet(Phase.Accepted::new), input.searchable(), steps);
        this.settled = carried.map(WorkspaceState::settled).orElse("");
        this.giveBack = new GiveBack(input.id(), ledger, news, board);
        this.claims = new MachineClaims(steps, ledger, giveBack, board, news, wishes);
        this.bounds = new BoundWatch(wishes, ledger, board);
        this.hours = new ServingHours(wishes, ledger, board);
        this.checkpoints = new ShelvedCheckpoints(input.id(), ledger);
        this.publisher = new StatusPublisher(board, steps, this::snapshot);
    }

    /** Temporal's own cancellation is heard as the verb, so everything else happens where it cannot break in. */
    @Override
    public void run(WorkspaceInput sameAsAtInit) {
        Promise<String> cancelled = CancellationScope.current().getCancellationRequest();
        Async.procedure(() -> wishes.cancel(cancelled.get()));
        Workflow.newDetachedCancellationScope(this::live).run();
    }

    @Override
    public void desire(DesiredState state) {
        String before = wishes.fingerprint();
        wishes.desire(state);
        if (!before.isEmpty() && !before.equals(wishes.fingerprint()) && midway()) {
            acknowledge();
        }
    }

    /** A phase that rests says of the new wish that it is fulfilled, and whoever waits for that would be told too early. */
    private boolean midway() {
        return !wishes.deleted() && !board.phase().waiting();
    }

    /** An edit that leaves the running step alone changes no phase, but people see that it was taken. */
    private void acknowledge() {
        if (Workflow.getVersion("acknowledged-edit", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            board.confirm();
        }
    }

    @Override
    public void order(@Nullable Order order) {
        Order said = Objects.requireNonNullElse(order, NOTHING);
        Optional<String> meaningless = verdicts().objection(said).or(() -> inVain(said));
        if (meaningless.isPresent()) {
            board.object(meaningless.get());
        } else {
            said.verb(wishes.nextOrder()).ifPresentOrElse(this::obey, () -> board.object(said.objection()));
        }
    }

    /** Runs from before took such an order without a word. */
    private Optional<String> inVain(Order said) {
        return verdicts()
                .inVain(said)
                .filter(words ->
                        Workflow.getVersion("orders-in-vain", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION);
    }

    /** An extension changes no phase where work goes on, but people see that it was taken. */
    private void obey(Verb verb) {
        wishes.order(verb);
        if (verb.action() == Verb.Action.EXTEND) {
            board.confirm();
        }
    }

    @Override
    public String answered(@Nullable Order order) {
        order(order);
        return verdicts().answer(Objects.requireNonNullElse(order, NOTHING));
    }

    @Override
    public void requireMeaning(@Nullable Order order) {
        verdicts().require(Objects.requireNonNullElse(order, NOTHING));
    }

    private Verdicts verdicts() {
        return new Verdicts(board.phase(), wishes.deleted(), wishes.terms(), wishes.orders(), !unsettled());
    }

    @Override
    public void nodeObserved(String leaseName) {
        news.tell();
    }

    @Override
    public WorkspaceSnapshot snapshot() {
        return new Word(input.id(), wishes, ledger, board).of(Workflow.getInfo().getRunId());
    }

    private static boolean pausesStayBeneath() {
        return Workflow.getVersion("beneath", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    private void live() {
        publisher.start();
        adopt();
        steps.decide();
        checkpoints.decide();
        giveBack.goOnAsking();
        Workflow.await(wishes::known);
        takeOver();
        while (!wishes.deleted()) {
            if (unsettled() || hours.over()) {
                act();
            } else if (heardOfMachine()) {
                lookAfterMachine();
            }
            hours.await(() -> unsettled() || heardOfMachine() || historyIsLong());
            if (!unsettled() && !heardOfMachine() && !hours.over()) {
                Workflow.continueAsNew(input.carrying(state()));
            }
        }
        release();
    }

    /** The first run of a workspace may follow one that was terminated or that its database forgot. */
    private void adopt() {
        if (input.carried().isEmpty()
                && Workflow.getVersion("adoption", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            claims.adopt(input.id());
        }
    }

    /** Nor does it know what is on its way out already, and the workspace may not go before that has gone. */
    private void adoptRemains() {
        if (input.carried().isEmpty()
                && Workflow.getVersion("remains", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            claims.adoptRemains(input.id());
        }
    }

    /** Nor does it know what was made. */
    private void takeOver() {
        if (input.carried().isPresent()) {
            return;
        }
        if (wishes.deleted()) {
            oweWhatMayRun();
        } else {
            wishes.desired().earlier().ifPresent(new TakeOver(wishes.request(), ledger)::of);
            if (new Course(wishes.request(), ledger).tuningAhead()) {
                new Parking(ledger).findEarlier(input.id());
            }
        }
    }

    /** A server or a tuner of the run before would lose its machine first, and be left to the cluster's collector. */
    private void oweWhatMayRun() {
        if (Workflow.getVersion("pods-of-before", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            ledger.owe(new Undo.Retire());
            ledger.owe(new Undo.StopTuner());
        }
    }

    private boolean unsettled() {
        return wishes.deleted() || !wishes.signature().equals(settled);
    }

    /** Whether something is said to have happened to a machine while this run rests. */
    private boolean heardOfMachine() {
        return news.arrived();
    }

    private void lookAfterMachine() {
        news.taken();
        if (board.phase() instanceof Phase.Serving) {
            if (Vigil.kept()) {
                pursue(convergence().afterLook());
            }
            if (looksBesideServer()) {
                claims.adoptUnknown(input.id()).forEach(giveBack::ask);
            }
        } else if (looksForUnknownClaims()) {
            giveBackUnknown();
        }
    }

    private static boolean looksBesideServer() {
        return Workflow.getVersion("unknown-beside-server", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    private static boolean looksForUnknownClaims() {
        return Workflow.getVersion("unknown-claims", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** A claim made a moment before its run was forgotten may have been in no list when this run adopted what was held. */
    private void giveBackUnknown() {
        Phase rest = board.phase();
        claims.adoptUnknown(input.id());
        if (!ledger.owed().isEmpty()) {
            stop(rest, settled);
        }
    }

    /** Only a resting run moves on to a new history: no activity runs, no handler, no status write. */
    private boolean historyIsLong() {
        return Workflow.getInfo().isContinueAsNewSuggested()
                && Workflow.isEveryHandlerFinished()
                && publisher.idle()
                && checkpoints.idle();
    }

    private WorkspaceState state() {
        return new WorkspaceState(wishes.desired(), wishes.orders(), board.phase(), settled, ledger);
    }

    private void act() {
        if (wishes.takeRetry() && board.phase() instanceof Phase.Serving && serversAreMadeAnew()) {
            ledger.distrustServer();
        }
        wishes.hold().ifPresentOrElse(verb -> hold(held(verb)), this::pursueWithinBounds);
    }

    /** An edit of what rests by order changes no phase, but people see that it was taken. */
    private void hold(Phase held) {
        if (held.equals(board.phase())
                && Workflow.getVersion("acknowledged-hold", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            board.confirm();
        }
        stop(held, wishes.signature());
    }

    private void pursueWithinBounds() {
        ledger.surge().pursue(wishes.signature());
        if (bounds.exhausted() && new Course(wishes.request(), ledger).answersOn()) {
            settle(convergence().keep(bounds.sentence()));
        } else if (bounds.exhausted()) {
            stop(new Phase.Paused(bounds.sentence()), wishes.signature());
        } else {
            pursue(convergence());
        }
    }

    private static Phase held(Verb verb) {
        return verb.action() == Verb.Action.CANCEL
                ? new Phase.Cancelled(verb.reason())
                : new Phase.Paused(verb.reason());
    }

    /** One pass in a scope of its own, broken off when the wish moves away from the step that runs. */
    private void pursue(Convergence convergence) {
        CompletablePromise<Outcome> pass = Workflow.newPromise();
        CancellationScope scope =
                Workflow.newCancellationScope(() -> pass.completeFrom(Async.function(convergence::run)));
        scope.run();
        bounds.await(() -> pass.isCompleted() || convergence.outdated());
        if (!pass.isCompleted()) {
            scope.cancel("The wish changed, or a bound is reached.");
        }
        try {
            settle(pass.get());
            answerRetry();
            checkpoints.forgetSuperfluous();
        } catch (CanceledFailure brokenOff) {
            Workflow.getLogger(WorkspaceWorkflowImpl.class).info("A pass was broken off");
            unsettle();
        }
    }

    /** What a pass that was broken off left, its server too, is neither of the wish before nor after, also when these are the same. */
    private void unsettle() {
        if (Workflow.getVersion("broken-off", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            settled = "";
            ledger.distrustServer();
        }
    }

    /** A retry while a model is served is for a server that somebody deleted or changed by hand. */
    private static boolean serversAreMadeAnew() {
        return Workflow.getVersion("served-anew", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** A retry in the middle of a pass was heard by it, and is not for the server that is there at the next edit. */
    private void answerRetry() {
        if (wishes.retried()
                && !unsettled()
                && Workflow.getVersion("answered-retry", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            wishes.takeRetry();
        }
    }

    private Convergence convergence() {
        return new Convergence(
                steps, wishes, ledger, giveBack, claims, board, hours, new Succession(ledger, giveBack, news));
    }

    private void settle(Outcome outcome) {
        if (outcome.phase() instanceof Phase.Failed) {
            stop(outcome.phase(), outcome.signature());
        } else if (outcome.phase() instanceof Phase.Paused) {
            stopAgain(outcome);
        } else {
            if (outcome.phase().equals(board.phase())
                    && !(outcome.looked() && outcome.signature().equals(settled))) {
                board.confirm();
            }
            board.enter(outcome.phase());
            settled = outcome.signature();
        }
    }

    /** A wish that changes nothing about it is answered all the same. */
    private void stopAgain(Outcome outcome) {
        if (outcome.phase().equals(board.phase())) {
            board.confirm();
        }
        stop(outcome.phase(), outcome.signature());
    }

    /** Everything goes back, the results stay. */
    private void stop(Phase phase, String signature) {
        giveEverythingBack();
        board.enter(phase);
        settled = signature;
    }

    private void release() {
        board.enter(new Phase.Releasing());
        checkpoints.forgetAll();
        adoptRemains();
        giveBack.everything();
        new Parking(ledger).discardIfAny(input.id());
        checkpoints.awaitALittle();
        board.enter(new Phase.Released());
        Workflow.await(publisher::idle);
    }

    private void giveEverythingBack() {
        if (!ledger.owed().isEmpty()) {
            board.enter(new Phase.Releasing());
            giveBack.everything();
        }
    }
}
