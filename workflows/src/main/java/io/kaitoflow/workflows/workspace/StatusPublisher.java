package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.function.Supplier;

/** Publishes the newest snapshot whenever the phase changed. One write at a time, the latest wins, and no step waits for it. */
final class StatusPublisher {

    private final PhaseBoard board;
    private final ShortSteps steps;
    private final Supplier<WorkspaceSnapshot> snapshot;
    private long published;

    StatusPublisher(PhaseBoard board, ShortSteps steps, Supplier<WorkspaceSnapshot> snapshot) {
        this.board = board;
        this.steps = steps;
        this.snapshot = snapshot;
    }

    /** Starts publishing, for as long as the run lives. */
    Promise<Void> start() {
        return Async.procedure(this::publishChanges);
    }

    /** Whether everything was shown, or given up. */
    boolean idle() {
        return published == board.changes();
    }

    private void publishChanges() {
        while (true) {
            Workflow.await(() -> !idle() && !steps.busy());
            long now = board.changes();
            publishOnce();
            published = now;
        }
    }

    private void publishOnce() {
        try {
            board.showLate();
            steps.publish(snapshot.get());
        } catch (ActivityFailure unheard) {
            Workflow.getLogger(StatusPublisher.class).warn("The status was not written", unheard);
        }
    }
}
