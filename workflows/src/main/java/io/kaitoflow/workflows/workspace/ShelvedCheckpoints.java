package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.OutputActivities;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;

/**
 * Checkpoints lie in the registry so that a lost machine costs few steps; nobody needs them once the result is pushed, or the workspace
 * goes. Forgetting them holds up nothing: it happens beside everything else, and a registry that refuses keeps them.
 */
final class ShelvedCheckpoints {

    private static final String MARKER = "shelved-checkpoints";

    private final WorkspaceId id;
    private final Ledger ledger;
    private boolean cared;
    private int underWay;

    ShelvedCheckpoints(WorkspaceId id, Ledger ledger) {
        this.id = id;
        this.ledger = ledger;
    }

    /** Finds out how this run began. Asked once and at its start: the question itself lets other threads of the run go on. */
    void decide() {
        cared = Workflow.getVersion(MARKER, Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** Whether nothing is being forgotten. */
    boolean idle() {
        return underWay == 0;
    }

    /** Once a result is pushed and nothing is tuned, so that no training still writes them. */
    void forgetSuperfluous() {
        if (ledger.tuner().isEmpty() && ledger.output().isPresent()) {
            forgetAll();
        }
    }

    void forgetAll() {
        if (cared) {
            ledger.shelves().all().forEach(this::begin);
        }
    }

    /** A registry that does not answer keeps no workspace from going. */
    void awaitALittle() {
        if (!idle()) {
            NamedTimer.await("Checkpoints in the registry go", ActivityPolicies.LAST_CHECKPOINTS, this::idle);
        }
    }

    private void begin(OutputTarget shelf) {
        ledger.shelves().cleared(shelf);
        underWay++;
        Async.procedure(() -> forget(shelf));
    }

    private void forget(OutputTarget shelf) {
        try {
            outputs().forgetCheckpoints(new OutputActivities.Shelf(id, shelf));
        } catch (ActivityFailure refused) {
            ledger.shelves().used(shelf);
            Workflow.getLogger(ShelvedCheckpoints.class).warn("Checkpoints stay in the registry", refused);
        } finally {
            underWay--;
        }
    }

    private static OutputActivities outputs() {
        return Workflow.newActivityStub(OutputActivities.class, ActivityPolicies.forgetCheckpoints());
    }
}
