package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.nodes.NodeActivities;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.util.List;

/** Gives back what was taken, newest first, in a scope that no cancellation reaches. */
final class GiveBack {

    private final WorkspaceId id;
    private final Ledger ledger;
    private final NodeNews news;
    private final NodeActivities nodes = Workflow.newActivityStub(NodeActivities.class, ActivityPolicies.giveBack());
    private final RolloutActivities rollout =
            Workflow.newActivityStub(RolloutActivities.class, ActivityPolicies.giveBack());

    GiveBack(WorkspaceId id, Ledger ledger, NodeNews news) {
        this.id = id;
        this.ledger = ledger;
        this.news = news;
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

    /** Asks once; what is not gone yet stays owed. */
    void ask(Undo undo) {
        Workflow.newDetachedCancellationScope(() -> gone(undo)).run();
    }

    private void untilGone(Undo undo) {
        news.taken();
        while (!gone(undo)) {
            Workflow.await(ActivityPolicies.RECHECK, news::arrived);
            news.taken();
        }
    }

    private boolean gone(Undo undo) {
        try {
            boolean gone = perform(undo);
            if (gone) {
                ledger.settle(undo);
            }
            return gone;
        } catch (ActivityFailure refused) {
            Workflow.getLogger(GiveBack.class).warn("Giving back failed and is tried again: {}", undo, refused);
            return false;
        }
    }

    private boolean perform(Undo undo) {
        return switch (undo) {
            case Undo.Release release -> nodes.release(release.request());
            case Undo.StopTuner _ -> {
                rollout.stopTuner(id);
                yield true;
            }
            case Undo.Retire _ -> {
                rollout.retire(id);
                yield true;
            }
        };
    }
}
