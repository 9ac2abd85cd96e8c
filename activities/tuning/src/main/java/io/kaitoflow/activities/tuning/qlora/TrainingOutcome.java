package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.activities.checkpoint.Checkpoint;
import io.kaitoflow.activities.checkpoint.TrainingPosition;

/** How a call to {@link QloraTrainer#train} ended. */
public sealed interface TrainingOutcome {

    /** The newest checkpoint; it holds all that the run has reached. */
    Checkpoint checkpoint();

    /** How far the run has come. */
    default TrainingPosition position() {
        return checkpoint().position();
    }

    /** All steps are done. */
    record Finished(Checkpoint checkpoint) implements TrainingOutcome {}

    /** It was asked to stop; another trainer over the same store goes on. */
    record Stopped(Checkpoint checkpoint) implements TrainingOutcome {}
}
