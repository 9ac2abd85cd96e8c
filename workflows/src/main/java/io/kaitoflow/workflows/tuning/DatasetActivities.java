package io.kaitoflow.workflows.tuning;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.activity.ActivityInterface;

/** Brings model and data to the leased machine. */
@ActivityInterface(namePrefix = "Dataset.")
public interface DatasetActivities {

    /** Whose job, which job. */
    record Input(WorkspaceId id, Preset preset, TuningJob job) {}

    /**
     * Fetches and checks the model, fetches, validates and tokenises the rows; what is there already is kept.
     *
     * <p>Heartbeats a {@link TuningProgress}. Fails with {@code MODEL_…}, {@code DATASET_…}, {@code DIGEST_MISMATCH} or
     * {@code DISK_FULL}.
     */
    FetchedInputs fetch(Input input);
}
