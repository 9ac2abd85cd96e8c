package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeActivities;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Attempt;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.workspace.course.KeptClaim;
import io.kaitoflow.workflows.workspace.course.Replacement;
import io.kaitoflow.workflows.workspace.course.StepFailed;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Undo;
import io.kaitoflow.workflows.workspace.wish.Wishes;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gets a machine: one kind after the other, each claimed by a short call and then waited for without holding a worker. */
final class MachineClaims {

    private final ShortSteps steps;
    private final Ledger ledger;
    private final GiveBack giveBack;
    private final PhaseBoard board;
    private final NodeNews news;
    private final Vigil vigil;
    private final Wishes wishes;
    private final Replacement replacement;

    MachineClaims(ShortSteps steps, Ledger ledger, GiveBack giveBack, PhaseBoard board, NodeNews news, Wishes wishes) {
        this.steps = steps;
        this.ledger = ledger;
        this.giveBack = giveBack;
        this.board = board;
        this.news = news;
        this.vigil = new Vigil(steps, ledger, giveBack, board, news);
        this.wishes = wishes;
        this.replacement = new Replacement(ledger, ActivityPolicies.ASKED_AGAIN, ActivityPolicies.LONGEST_ASKED_AGAIN);
    }

    /** A run that remembers nothing asks what is held in its name: it uses that, or gives it back. */
    void adopt(WorkspaceId id) {
        untilAnswered(() -> heldAtAll().held(id)).forEach(ledger::adopt);
    }

    /** What an earlier run asked back and is not gone: it is owed, but used for nothing. */
    void adoptRemains(WorkspaceId id) {
        untilAnswered(() -> heldAtAll().remains(id)).stream()
                .filter(this::isUnknown)
                .forEach(ledger::adopt);
    }

    private boolean isUnknown(NodeRequest claim) {
        return owedClaims().noneMatch(owed -> owed.number() == claim.number());
    }

    /** Nothing goes on without the answer, so it is asked for again until a person has mended what stands in its way. */
    private List<NodeRequest> untilAnswered(Supplier<List<NodeRequest>> question) {
        for (int refusals = 0; ; refusals++) {
            try {
                return question.get();
            } catch (ActivityFailure refused) {
                awaitAnswer(Failure.of(refused, FailureKind.INTERNAL), refusals);
            }
        }
    }

    /** An edit, an order and news end the wait at once. */
    private void awaitAnswer(Failure refused, int refusals) {
        String sentence = "It waits for the provider to say what is held for it. " + refused.sentence();
        if (!board.objection().equals(Optional.of(sentence))) {
            board.object(sentence);
        }
        Duration pause = ActivityPolicies.RECHECK.multipliedBy(1L << Math.min(refusals, Byte.SIZE));
        String wish = wishes.signature();
        NamedTimer.await(
                "Asks again what is held",
                shorter(pause, ActivityPolicies.LONGEST_FREE_RECHECK),
                () -> news.arrived() || !wishes.signature().equals(wish));
        news.taken();
    }

    /**
     * A call that outlived its attempt may make what was given back: nobody else would ask for it. Known from now on, and owed; none where
     * nobody says what is held.
     */
    List<Undo> adoptUnknown(WorkspaceId id) {
        try {
            List<NodeRequest> unknown =
                    heldOrLater().held(id).stream().filter(this::isUnknown).toList();
            unknown.forEach(ledger::adopt);
            return unknown.stream().<Undo>map(Undo.Release::new).toList();
        } catch (ActivityFailure unanswered) {
            Workflow.getLogger(MachineClaims.class).warn("What is held could not be asked", unanswered);
            return List.of();
        }
    }

    /** Leases the first kind that can be had; in the place of a machine that was lost, however long that takes. */
    void claim(WorkspaceRequest request, List<MachineOption> options) {
        if (beside()) {
            // What answers does so from its own machine, where the change can be made too.
            replacement.over();
        }
        KeptClaim kept = KeptClaim.among(claims(), request, options);
        returnLeftovers(kept);
        List<Failure> refusals = ask(request, options, kept);
        for (int rounds = 0; ledger.lease().isEmpty(); rounds++) {
            awaitNext(options, refusals, rounds);
            refusals = ask(request, options, KeptClaim.none());
        }
        replacement.over();
    }

    /** Asks for one kind after the other; every refusal is recorded. */
    private List<Failure> ask(WorkspaceRequest request, List<MachineOption> options, KeptClaim kept) {
        List<Failure> refusals = new ArrayList<>();
        for (MachineOption option : kept.first(options)) {
            Failure refusal = ask(kept.asked(request, option, ledger::nextLease));
            if (refusal == null) {
                return refusals;
            }
            refusals.add(refusal);
        }
        return refusals;
    }

    /** A claim that vanished says nothing against the next one of its kind. */
    private @Nullable Failure ask(NodeRequest first) {
        NodeRequest claim = first;
        for (int asked = 1; ; asked++) {
            boolean vanished = false;
            Failure refusal;
            try {
                refusal = tryToLease(claim);
            } catch (ActivityFailure thrown) {
                refusal = refusal(thrown);
                vanished = refusal.kind() == FailureKind.NODE_NOT_READY;
            }
            if (refusal == null) {
                return null;
            }
            ledger.attempted(Attempt.of(claim.option(), refusal.message(), PhaseBoard.now()));
            if (!vanished || asked == ActivityPolicies.VANISHED_CLAIMS || !vanishedClaimsAreMadeAgain()) {
                giveBack.ask(new Undo.Release(claim));
                return refusal;
            }
            giveBack.one(new Undo.Release(claim));
            claim = new NodeRequest(claim.id(), claim.option(), claim.machines(), ledger.nextLease());
        }
    }

    /** Asked when one has vanished; runs that failed there before this fail there. */
    private static boolean vanishedClaimsAreMadeAgain() {
        return Workflow.getVersion("vanished-claims", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** The last answer; but beside a server that answers, what the cap refuses can be had in its place. */
    private Failure told(List<Failure> refusals) {
        return refusals.stream()
                .filter(refusal -> beside() && refusal.kind() == FailureKind.OVER_CAP)
                .findFirst()
                .or(() -> refusals.isEmpty() ? Optional.empty() : Optional.of(refusals.getLast()))
                .orElseGet(() -> new Failure(FailureKind.CAPACITY_MISSING, "No kind of machine fits the request."));
    }

    /** A retry ends the wait at once. */
    private void awaitNext(List<MachineOption> options, List<Failure> refusals, int rounds) {
        Failure told = told(refusals);
        Duration pause = replacement.pause(refusals, rounds).orElseThrow(() -> givenUp(told));
        Instant next = Instant.ofEpochSecond(PhaseBoard.now().plus(pause).getEpochSecond());
        board.enter(new Phase.Provisioning(
                options.getFirst().instanceType(),
                "The machine was lost, and none can be had in its place: " + told.message()
                        + " All kinds are asked for again at " + next + "; kaito.sh/retry asks at once."));
        long retries = wishes.orders().retries();
        NamedTimer.await(
                "Until machines are asked for again",
                pause,
                () -> wishes.orders().retries() > retries);
        if (wishes.orders().retries() > retries) {
            // It is answered with this round, and means nothing to the server that comes.
            wishes.takeRetry();
        }
    }

    private StepFailed givenUp(Failure failure) {
        replacement.over();
        return new StepFailed(failure);
    }

    /** Whether another machine serves meanwhile. */
    private boolean beside() {
        return ledger.surge().predecessor().isPresent();
    }

    /** Looks at the machine under a server and says whether something was wrong with it; what is lost is given back by then. */
    boolean foundTroubleUnderServer() {
        boolean found = vigil.foundTrouble();
        if (found && ledger.machine().isEmpty()) {
            replacement.want();
        }
        return found;
    }

    /** Whether the leased machine is still there; if not, it is given back. */
    void dropIfLost() {
        ledger.machine().ifPresent(machine -> {
            if (lost(machine)) {
                ledger.attempted(Attempt.of(machine.option(), "The machine was lost.", PhaseBoard.now()));
                giveBack.one(new Undo.Release(machine));
                replacement.want();
            }
        });
    }

    /** A tuner may not go before its machine does; so one that is lost is asked back while the tuner is waited for. */
    void stopTuner() {
        List<Undo> lost = new ArrayList<>();
        giveBack.one(new Undo.StopTuner(), () -> askBackIfLost(lost));
        lost.stream().filter(ledger.owed()::contains).forEach(giveBack::one);
    }

    private void askBackIfLost(List<Undo> lost) {
        ledger.machine()
                .filter(machine -> lost.isEmpty() && looksUnderTuner() && lost(machine))
                .ifPresent(machine -> {
                    ledger.attempted(Attempt.of(machine.option(), "The machine was lost.", PhaseBoard.now()));
                    replacement.want();
                    lost.add(new Undo.Release(machine));
                    giveBack.ask(lost.getFirst());
                });
    }

    /** Asked where a tuner does not go. */
    private static boolean looksUnderTuner() {
        return Workflow.getVersion("lost-under-tuner", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** A machine that nobody can say anything about is kept: the next try of the tuner tells. */
    private boolean lost(NodeRequest machine) {
        try {
            return !steps.observe(machine).ready();
        } catch (ActivityFailure thrown) {
            if (thrown.getCause() instanceof CanceledFailure cancelled) {
                throw cancelled;
            }
            if (Failure.of(thrown, FailureKind.INTERNAL).kind() == FailureKind.NODE_NOT_READY) {
                return true;
            }
            Workflow.getLogger(MachineClaims.class).warn("The machine could not be looked at", thrown);
            return false;
        }
    }

    /** Claims of a pass that was broken off or of a run that is forgotten, but for the one that is used. */
    private void returnLeftovers(KeptClaim kept) {
        claims().filter(claim -> !kept.is(claim)).map(Undo.Release::new).forEach(giveBack::ask);
    }

    /** Those that no server needs meanwhile, and that are not given back already. */
    private Stream<NodeRequest> claims() {
        return owedClaims().filter(held -> !ledger.surge().isBeside(held));
    }

    private Stream<NodeRequest> owedClaims() {
        return ledger.owed().stream()
                .flatMap(undo -> undo instanceof Undo.Release(NodeRequest held) ? Stream.of(held) : Stream.empty());
    }

    private @Nullable Failure tryToLease(NodeRequest claim) {
        ledger.owe(new Undo.Release(claim));
        String kind = claim.option().instanceType();
        board.enter(new Phase.Provisioning(kind, "A machine is claimed."));
        NodeLease lease = steps.claim(claim);
        ledger.debts().named(claim, lease.name());
        Optional<Failure> hopeless = hopeless(lease);
        if (hopeless.isPresent()) {
            return hopeless.get();
        }
        return lease.ready() ? leased(claim, lease) : waitFor(claim, kind, lease);
    }

    /**
     * A claim that has taken nothing yet costs nothing and waits for as long as it takes; one that has must become ready in time, which
     * begins with its turn.
     */
    private @Nullable Failure waitFor(NodeRequest claim, String kind, NodeLease claimed) {
        NodeLease lease = claimed;
        board.enter(standing(kind, lease));
        Instant deadline = PhaseBoard.now().plus(ActivityPolicies.NODE_READY);
        Duration pause = ActivityPolicies.RECHECK;
        while (PhaseBoard.now().isBefore(deadline)) {
            NodeLease before = lease;
            awaitNews(before, shorter(pause, Duration.between(PhaseBoard.now(), deadline)));
            lease = before.queued() ? steps.claim(claim) : steps.observe(claim);
            if (lease.ready()) {
                return leased(claim, lease);
            }
            Optional<Failure> hopeless = hopeless(lease);
            if (hopeless.isPresent()) {
                return hopeless.get();
            }
            boolean itsTurn = before.queued() && !lease.queued();
            pause = itsTurn ? ActivityPolicies.RECHECK : shorter(pause.multipliedBy(2), longestRecheck(before));
            if (itsTurn || lease.waitingFor().isPresent()) {
                deadline = PhaseBoard.now().plus(ActivityPolicies.NODE_READY);
                board.enter(standing(kind, lease));
            }
        }
        return new Failure(
                FailureKind.NODE_NOT_READY,
                "The machine " + kind + " was not ready after " + ActivityPolicies.NODE_READY.toMinutes()
                        + " minutes.");
    }

    /** A second machine is waited for only where it is taken already: nobody knows when others go. */
    private Optional<Failure> hopeless(NodeLease lease) {
        FailureKind kind = lease.queued() ? FailureKind.OVER_CAP : FailureKind.CAPACITY_MISSING;
        return lease.waitingFor().filter(reason -> beside()).map(reason -> new Failure(kind, reason));
    }

    private void awaitNews(NodeLease lease, Duration longest) {
        NamedTimer.await(
                lease.queued() ? "Asks whether it is its turn" : "Looks at the claim again", longest, news::arrived);
        news.taken();
    }

    private static Duration longestRecheck(NodeLease lease) {
        return lease.waitingFor().isPresent()
                ? ActivityPolicies.LONGEST_FREE_RECHECK
                : ActivityPolicies.LONGEST_RECHECK;
    }

    private static Phase standing(String kind, NodeLease lease) {
        String reason = lease.waitingFor().orElse("The claim is made; the machine is not ready yet.");
        return lease.turn()
                .<Phase>map(turn -> new Phase.Queued(kind, turn, reason))
                .orElseGet(() -> new Phase.Provisioning(kind, reason));
    }

    private @Nullable Failure leased(NodeRequest claim, NodeLease lease) {
        ledger.leased(claim, lease, PhaseBoard.now());
        lease.counted().ifPresent(what -> ledger.attempted(Attempt.of(claim.option(), what, PhaseBoard.now())));
        return null;
    }

    /** Another kind of machine may help against these; everything else ends the pass. */
    private static Failure refusal(ActivityFailure thrown) {
        if (thrown.getCause() instanceof CanceledFailure cancelled) {
            throw cancelled;
        }
        Failure failure = Failure.of(thrown, FailureKind.NODE_NOT_READY);
        return switch (failure.kind()) {
            case QUOTA_EXCEEDED, OVER_CAP, CAPACITY_MISSING, SKU_UNAVAILABLE, NODE_NOT_READY -> failure;
            default -> throw new StepFailed(failure);
        };
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static NodeActivities heldAtAll() {
        return Workflow.newLocalActivityStub(NodeActivities.class, ActivityPolicies.held());
    }

    private static NodeActivities heldOrLater() {
        return Workflow.newLocalActivityStub(NodeActivities.class, ActivityPolicies.heldOrLater());
    }
}
