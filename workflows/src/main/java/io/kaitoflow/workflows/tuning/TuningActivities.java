package io.kaitoflow.workflows.tuning;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.temporal.activity.ActivityInterface;

/** Trains and evaluates on the leased machine. */
@ActivityInterface(namePrefix = "Tuning.")
public interface TuningActivities {

    /**
     * @param id whose job
     * @param key of the tune step; checkpoints of another key are never resumed
     * @param preset base model
     * @param job data, recipe, method
     * @param inputs what fetch brought
     * @param batchDivisor 1, and twice as much each time the machine ran out of memory
     * @param start number of the tuner's start; 0 when nobody counts
     */
    record TuneInput(
            WorkspaceId id,
            StepKey key,
            Preset preset,
            TuningJob job,
            FetchedInputs inputs,
            int batchDivisor,
            int start) {

        /** Of a tuner whose starts nobody counts. */
        public TuneInput(
                WorkspaceId id, StepKey key, Preset preset, TuningJob job, FetchedInputs inputs, int batchDivisor) {
            this(id, key, preset, job, inputs, batchDivisor, 0);
        }
    }

    /** What was trained, and on what. */
    record EvaluateInput(TuneInput trained, AdapterArtifact adapter) {}

    /**
     * Trains from the newest whole checkpoint of this key, or from the start.
     *
     * <p>Heartbeats a {@link TuningProgress}; writes a checkpoint every n steps and when cancelled. Fails with
     * {@code TRAINING_DIVERGED}, {@code OUT_OF_MEMORY} or {@code DISK_FULL}.
     */
    AdapterArtifact tune(TuneInput input);

    /** Compares base and tuned on the held-out rows. */
    Evaluation evaluate(EvaluateInput input);
}
