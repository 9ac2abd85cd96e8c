package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.cost.Bounds;
import io.kaitoflow.workflows.workspace.course.Course;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.wish.Wishes;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Waits beside a pass for the bounds of money and time: warns when they are near, says when they are reached. */
final class BoundWatch {

    private final Wishes wishes;
    private final Ledger ledger;
    private final PhaseBoard board;

    BoundWatch(Wishes wishes, Ledger ledger, PhaseBoard board) {
        this.wishes = wishes;
        this.ledger = ledger;
        this.board = board;
    }

    /** Whether nothing more is to be tuned: what is bounded is ahead, and used up, and that was not answered yet. */
    boolean exhausted() {
        return !wishes.halted()
                && !ledger.surge().kept()
                && new Course(wishes.request(), ledger).tuningAhead()
                && bounds().reached(Bounds.FULL, PhaseBoard.now())
                && watches();
    }

    /** Waits until {@code over}, or until a bound is reached; a run without bounds just waits. */
    void await(BooleanSupplier over) {
        while (!over.getAsBoolean() && !exhausted()) {
            Bounds now = bounds();
            if (now.approached() && watches()) {
                NamedTimer.await(
                        "Until money or time is used up, or nearly",
                        untilNext(now),
                        () -> over.getAsBoolean() || !bounds().equals(now));
                warn();
            } else {
                Workflow.await(() -> over.getAsBoolean() || !bounds().equals(now));
            }
        }
    }

    /** What is to be done about it. */
    String sentence() {
        return bounds().sentence(PhaseBoard.now()) + " Raise it to go on from the checkpoint.";
    }

    private void warn() {
        boolean near = !wishes.halted() && bounds().reached(Bounds.NEAR, PhaseBoard.now());
        if (near && ledger.warning().isEmpty()) {
            ledger.warn(bounds().sentence(PhaseBoard.now()) + " At 100 % tuning pauses.");
            board.confirm();
        } else if (!near) {
            ledger.warn(null);
        }
    }

    private Duration untilNext(Bounds bounds) {
        double next = bounds.reached(Bounds.NEAR, PhaseBoard.now()) ? Bounds.FULL : Bounds.NEAR;
        return bounds.until(next, PhaseBoard.now());
    }

    /** A run that began before bounds were watched keeps its history. */
    private static boolean watches() {
        return Workflow.getVersion("bounds", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    private Bounds bounds() {
        return wishes.deleted()
                ? new Bounds(Optional.empty(), Optional.empty(), ledger.meters().bounded())
                : Bounds.of(wishes.terms(), ledger.meters().bounded());
    }
}
