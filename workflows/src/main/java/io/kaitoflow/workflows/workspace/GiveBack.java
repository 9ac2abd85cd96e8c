package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeActivities;
import io.kaitoflow.workflows.nodes.Release;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Undo;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.util.List;

/** Gives back what was taken, newest first, in a scope that no cancellation reaches. */
final class GiveBack {

    private final WorkspaceId id;
    private final Ledger ledger;
    private final NodeNews news;
    private final PhaseBoard board;

    GiveBack(WorkspaceId id, Ledger ledger, NodeNews news, PhaseBoard board) {
        this.id = id;
        this.ledger = ledger;
        this.news = news;
        this.board = board;
    }

    /** Returns only when nothing is left, however long a provider takes. */
    void everything() {
        List<Undo> owed = ledger.owed();
        for (int i = owed.size() - 1; i >= 0; i--) {
            one(owed.get(i));
        }
    }

    /** Gives one thing back and waits until it is gone. */
    void one(Undo undo) {
        Workflow.newDetachedCancellationScope(() -> untilGone(undo)).run();
    }

    /** Asks and does not wait; what is not gone yet stays owed, and is asked for beside everything else until it is. */
    void ask(Undo undo) {
        Workflow.newDetachedCancellationScope(() -> {
                    if (!gone(undo)) {
                        keepAsking(undo);
                    }
                })
                .run();
    }

    /** What the run before this one was asking for, and is not gone: in this run nobody asks yet. */
    void goOnAsking() {
        ledger.debts().askedFor().forEach(this::keepAsking);
    }

    /** Nobody else would ask before the workspace goes, and what is not given back costs. */
    private void keepAsking(Undo undo) {
        if (Workflow.getVersion("asked-until-gone", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            Async.procedure(() -> {
                do {
                    NamedTimer.sleep("Asks again whether it is gone", ActivityPolicies.RECHECK);
                } while (ledger.owed().contains(undo) && !gone(undo));
            });
        }
    }

    private void untilGone(Undo undo) {
        boolean heard = news.arrived();
        news.taken();
        while (!gone(undo)) {
            NamedTimer.await("Asks again whether it is gone", ActivityPolicies.RECHECK, news::arrived);
            heard |= news.arrived();
            news.taken();
        }
        if (heard && ledger.machine().isPresent() && newsAreKept()) {
            news.tell();
        }
    }

    /** What is heard while one thing goes may be said of the machine that stays, on which a server is rolled out next. */
    private static boolean newsAreKept() {
        return Workflow.getVersion("news-kept", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    private boolean gone(Undo undo) {
        try {
            Release release = perform(undo);
            if (release.gone()) {
                ledger.settle(undo, PhaseBoard.now());
            } else {
                left(undo, release.answer());
            }
            return release.gone();
        } catch (ActivityFailure refused) {
            Workflow.getLogger(GiveBack.class).warn("Giving back failed and is tried again: {}", undo, refused);
            left(undo, Failure.of(refused, FailureKind.INTERNAL).message());
            return false;
        }
    }

    /** What is not gone is told when there is news of it. */
    private void left(Undo undo, String answer) {
        boolean news = ledger.debts().refused(undo, answer, PhaseBoard.now());
        if (news && Workflow.getVersion("left", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION) {
            board.confirm();
        }
    }

    private Release perform(Undo undo) {
        return switch (undo) {
            case Undo.Release release -> nodes().release(release.request());
            case Undo.StopTuner _ -> {
                rollout().stopTuner(id);
                yield Release.of(true);
            }
            case Undo.Retire _ -> {
                rollout().retire(id);
                yield Release.of(true);
            }
        };
    }

    private static NodeActivities nodes() {
        return Workflow.newActivityStub(NodeActivities.class, ActivityPolicies.giveBack());
    }

    private static RolloutActivities rollout() {
        return Workflow.newActivityStub(RolloutActivities.class, ActivityPolicies.giveBack());
    }
}
