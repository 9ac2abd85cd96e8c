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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

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
        Deque<Undo> newestFirst = new ArrayDeque<>(ledger.owed().reversed());
        while (!newestFirst.isEmpty()) {
            Undo newest = newestFirst.removeFirst();
            untilGone(newest, newestFirst, () -> {});
        }
    }

    /** Gives one thing back and waits until it is gone. */
    void one(Undo undo) {
        one(undo, () -> {});
    }

    /** @param meanwhile done each time that it is not gone yet */
    void one(Undo undo, Runnable meanwhile) {
        untilGone(undo, new ArrayDeque<>(), meanwhile);
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
                    NamedTimer.sleep("Asks again whether it is gone", pause(undo));
                } while (ledger.owed().contains(undo) && !gone(undo));
            });
        }
    }

    private void untilGone(Undo undo, Deque<Undo> older, Runnable meanwhile) {
        Workflow.newDetachedCancellationScope(() -> waitUntilGone(undo, older, meanwhile))
                .run();
    }

    private void waitUntilGone(Undo undo, Deque<Undo> older, Runnable meanwhile) {
        boolean heard = news.arrived();
        news.taken();
        List<Undo> left = notGone(List.of(undo));
        while (!left.isEmpty()) {
            meanwhile.run();
            NamedTimer.await("Asks again whether it is gone", pause(left), news::arrived);
            heard |= news.arrived();
            news.taken();
            left = notGone(joined(left, older));
        }
        if (heard && ledger.machine().isPresent() && newsAreKept()) {
            news.tell();
        }
    }

    private List<Undo> notGone(List<Undo> asked) {
        return asked.stream().filter(undo -> !gone(undo)).toList();
    }

    /** What does not go for long holds up the asking for nothing else: a pod may go only when its machine does, which is older. */
    private List<Undo> joined(List<Undo> left, Deque<Undo> older) {
        if (older.isEmpty() || !isStuck(left.getFirst()) || !asksForAll()) {
            return left;
        }
        List<Undo> all = Stream.concat(left.stream(), older.stream()).toList();
        older.clear();
        return all;
    }

    private boolean isStuck(Undo undo) {
        return asked(undo).compareTo(ActivityPolicies.ASKED_ALONE) >= 0;
    }

    /** Asked where something does not go for long. */
    private static boolean asksForAll() {
        return Workflow.getVersion("all-asked-back", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    private Duration pause(List<Undo> left) {
        return left.stream().map(this::pause).min(Comparator.naturalOrder()).orElse(ActivityPolicies.RECHECK);
    }

    /** What takes long is looked at seldom: it may take for weeks, and each look is written to history. */
    private Duration pause(Undo undo) {
        return Stream.of(asked(undo).dividedBy(ActivityPolicies.LOOKS_AT_WHAT_STAYS), ActivityPolicies.RECHECK)
                .max(Comparator.naturalOrder())
                .filter(pause -> pause.compareTo(ActivityPolicies.LONGEST_GONE_RECHECK) < 0)
                .orElse(ActivityPolicies.LONGEST_GONE_RECHECK);
    }

    /** For how long. */
    private Duration asked(Undo undo) {
        return ledger.debts()
                .askedSince(undo)
                .map(since -> Duration.between(since, PhaseBoard.now()))
                .orElse(Duration.ZERO);
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
