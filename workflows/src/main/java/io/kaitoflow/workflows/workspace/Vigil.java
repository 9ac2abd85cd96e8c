package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.status.Attempt;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Undo;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks after the machine under a server. One that is gone, or stays silent for too long, is given back with the server, and the
 * course then begins with another claim; one that was silent and came back has its server looked at again.
 */
final class Vigil {

    /**
     * What a look saw.
     *
     * @param silent whether the machine did not answer at first
     * @param loss why it is lost; empty while it is there, and while nobody can say anything about it
     */
    private record Sight(boolean silent, Optional<String> loss) {}

    private static final String SILENT = "The machine does not answer; another takes its place unless it does within "
            + ActivityPolicies.MACHINE_BACK.toMinutes() + " minutes.";

    private final ShortSteps steps;
    private final Ledger ledger;
    private final GiveBack giveBack;
    private final PhaseBoard board;
    private final NodeNews news;

    Vigil(ShortSteps steps, Ledger ledger, GiveBack giveBack, PhaseBoard board, NodeNews news) {
        this.steps = steps;
        this.ledger = ledger;
        this.giveBack = giveBack;
        this.board = board;
        this.news = news;
    }

    /** Whether this run replaces machines that it loses under a server; those that began before this was possible fail. */
    static boolean kept() {
        return Workflow.getVersion("lost-machine", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** Returns whether something was wrong with the machine; one that is lost is given back by then. */
    boolean foundTrouble() {
        return ledger.machine().map(this::foundTrouble).orElse(false);
    }

    private boolean foundTrouble(NodeRequest machine) {
        Sight sight = look(machine);
        sight.loss().ifPresent(why -> giveUp(machine, why));
        return sight.silent() || sight.loss().isPresent();
    }

    private Sight look(NodeRequest machine) {
        List<String> nodes = ledger.lease().map(NodeLease::nodes).orElse(List.of());
        try {
            NodeLease seen = steps.observe(machine);
            return seen.ready() ? new Sight(false, exchanged(nodes, seen)) : new Sight(true, silence(machine, nodes));
        } catch (ActivityFailure thrown) {
            return new Sight(false, disappearance(thrown));
        }
    }

    /** A server runs where it was put, so other nodes under the same claim are another machine. */
    private static Optional<String> exchanged(List<String> before, NodeLease seen) {
        return Optional.of("The claim stands for other nodes now: " + String.join(", ", seen.nodes()) + ".")
                .filter(moved -> !seen.nodes().equals(before));
    }

    private Optional<String> silence(NodeRequest machine, List<String> nodes) {
        ledger.doubt(PhaseBoard.now());
        board.enter(new Phase.Provisioning(machine.option().instanceType(), SILENT));
        Instant deadline = PhaseBoard.now().plus(ActivityPolicies.MACHINE_BACK);
        while (PhaseBoard.now().isBefore(deadline)) {
            awaitNews(Duration.between(PhaseBoard.now(), deadline));
            NodeLease seen = steps.observe(machine);
            if (seen.ready()) {
                Optional<String> exchanged = exchanged(nodes, seen);
                if (exchanged.isEmpty()) {
                    ledger.leased(machine, seen, PhaseBoard.now());
                }
                return exchanged;
            }
        }
        return Optional.of("It did not answer for " + ActivityPolicies.MACHINE_BACK.toMinutes() + " minutes.");
    }

    private void awaitNews(Duration left) {
        Duration pause = left.compareTo(ActivityPolicies.RECHECK) < 0 ? left : ActivityPolicies.RECHECK;
        NamedTimer.await("Looks at the silent machine again", pause, news::arrived);
        news.taken();
    }

    private static Optional<String> disappearance(ActivityFailure thrown) {
        if (thrown.getCause() instanceof CanceledFailure cancelled) {
            throw cancelled;
        }
        Failure failure = Failure.of(thrown, FailureKind.INTERNAL);
        if (failure.kind() == FailureKind.NODE_NOT_READY || failure.kind() == FailureKind.CAPACITY_MISSING) {
            return Optional.of(failure.message());
        }
        Workflow.getLogger(Vigil.class).warn("The machine could not be looked at and is kept", thrown);
        return Optional.empty();
    }

    /** The provider is asked first: a pod may not go before its machine does. */
    private void giveUp(NodeRequest machine, String why) {
        ledger.doubt(PhaseBoard.now());
        ledger.attempted(Attempt.of(machine.option(), "The machine was lost. " + why, PhaseBoard.now()));
        board.enter(new Phase.Provisioning(
                machine.option().instanceType(), "The machine was lost and another takes its place. " + why));
        giveBack.ask(new Undo.Release(machine));
        Stream.of(new Undo.Retire(), new Undo.Release(machine))
                .filter(ledger.owed()::contains)
                .forEach(giveBack::one);
    }
}
