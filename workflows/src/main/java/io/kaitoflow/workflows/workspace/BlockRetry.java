package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.common.converter.Values;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TimeoutFailure;

/**
 * Decides whether the block in the tuner (start, fetch, tune, evaluate, push) is tried again. As long as each try brings a newer
 * checkpoint it may fail as often as it likes; a full machine gets one more chance with half the batch.
 */
final class BlockRetry {

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
    int afterFailure(ActivityFailure thrown, StepKey tuneKey) {
        Failure failure = Failure.of(thrown, FailureKind.TUNER_LOST);
        if (failure.kind() == FailureKind.OUT_OF_MEMORY) {
            halve(failure, tuneKey);
        } else if (!failure.kind().retryable()) {
            throw new StepFailed(failure);
        } else {
            count(failure, checkpointOf(thrown));
        }
        return inVain;
    }

    private void halve(Failure failure, StepKey tuneKey) {
        if (ledger.batchDivisor(tuneKey) > 1) {
            throw new StepFailed(failure);
        }
        ledger.halveBatch(tuneKey);
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
}
