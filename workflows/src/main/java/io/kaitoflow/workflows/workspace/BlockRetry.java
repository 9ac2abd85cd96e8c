package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.kaitoflow.workflows.workspace.course.StepFailed;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.temporal.common.converter.Values;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;
import io.temporal.workflow.Workflow;

/**
 * Decides whether the block in the tuner (start, fetch, tune, evaluate, push) is tried again. As long as each try brings a newer
 * checkpoint it may fail as often as it likes; a full machine gets another chance with half the batch, until one row is left.
 */
final class BlockRetry {

    /** Runs that began before this neither asked how a tuner ended nor halved a batch of one. */
    private static final String MARKER = "memory-retries";

    private final Ledger ledger;
    private long newestCheckpoint;
    private int inVain;

    BlockRetry(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * @param tuneKey under which the batch is halved
     * @return how many tries in a row were in vain, this one included; 0 when it brought something
     * @throws StepFailed when there is no point in another
     */
    int afterFailure(ActivityFailure thrown, WorkspaceRequest request, StepKey tuneKey) {
        Failure failure = explained(Failure.of(thrown, FailureKind.TUNER_LOST), request.id());
        if (failure.kind() == FailureKind.OUT_OF_MEMORY) {
            halve(failure, request, tuneKey);
        } else if (!failure.kind().retryable()) {
            throw new StepFailed(failure);
        } else {
            count(failure, checkpointOf(thrown));
        }
        return inVain;
    }

    /** A tuner that was killed cannot say why; who started it may know. */
    private Failure explained(Failure failure, WorkspaceId id) {
        if (failure.kind() != FailureKind.TUNER_LOST || isOld()) {
            return failure;
        }
        TunerEnd end = end(id);
        return new Failure(
                end.outOfMemory() ? FailureKind.OUT_OF_MEMORY : failure.kind(),
                (failure.message() + " " + end.evidence()).strip());
    }

    private TunerEnd end(WorkspaceId id) {
        try {
            return rollout().tunerEnd(id);
        } catch (ActivityFailure nobodyKnows) {
            if (nobodyKnows.getCause() instanceof CanceledFailure cancelled) {
                throw cancelled;
            }
            return TunerEnd.unknown();
        }
    }

    private void halve(Failure failure, WorkspaceRequest request, StepKey tuneKey) {
        OptimiserRecipe recipe = request.goal().tuning().orElseThrow().recipe().optimiser();
        int divisor = ledger.batch().divisor(tuneKey);
        int rows = Math.max(1, recipe.batchSize() / divisor);
        if (isOld() ? divisor > 1 : rows == 1) {
            throw new StepFailed(failure);
        }
        int fewer = Math.max(1, rows / 2);
        ledger.batch()
                .halve(
                        tuneKey,
                        "The machine ran out of memory with " + rows + " rows at once; it goes on with " + fewer + ", "
                                + Math.ceilDiv(recipe.batchSize() * recipe.accumulation(), fewer) + " times a step");
    }

    private static boolean isOld() {
        return Workflow.getVersion(MARKER, Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION;
    }

    private void count(Failure failure, long checkpoint) {
        inVain = checkpoint > newestCheckpoint ? 0 : inVain + 1;
        newestCheckpoint = Math.max(newestCheckpoint, checkpoint);
        if (inVain >= ActivityPolicies.BLOCK_TRIES) {
            throw new StepFailed(exhausted(failure));
        }
    }

    /** A named cause is worth more to the user than the count of tries. */
    private Failure exhausted(Failure last) {
        return switch (last.kind()) {
            case TUNER_LOST, INTERNAL ->
                new Failure(
                        FailureKind.NO_PROGRESS,
                        "The tuner was started " + inVain + " times without a new checkpoint after step "
                                + newestCheckpoint + "; the last time: " + last.message());
            default -> last;
        };
    }

    /** The last heartbeat says how far the newest checkpoint reached; 0 when there was none. */
    private static long checkpointOf(ActivityFailure thrown) {
        return switch (thrown.getCause()) {
            case TimeoutFailure silent -> checkpointOf(silent.getLastHeartbeatDetails());
            case ApplicationFailure told -> checkpointOf(told.getDetails());
            case null, default -> 0;
        };
    }

    private static long checkpointOf(Values details) {
        TuningProgress progress = details.getSize() == 0 ? null : details.get(TuningProgress.class);
        return progress == null ? 0 : progress.checkpointStep();
    }

    private static RolloutActivities rollout() {
        return Workflow.newActivityStub(RolloutActivities.class, ActivityPolicies.tunerEnd());
    }
}
