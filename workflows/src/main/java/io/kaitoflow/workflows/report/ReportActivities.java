package io.kaitoflow.workflows.report;

import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningActivities;
import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/** Tells of a training beside its result. */
@ActivityInterface(namePrefix = "Report.")
public interface ReportActivities {

    /**
     * @param trained what the trainer was given
     * @param adapter what it made
     * @param evaluation of it, where there was one
     * @param image as it was pushed
     * @param journey what the run knows
     */
    record Input(
            TuningActivities.TuneInput trained,
            AdapterArtifact adapter,
            Optional<Evaluation> evaluation,
            PushedImage image,
            Journey journey) {}

    /**
     * Writes the report and attaches it to the image, or puts it beside the adapter in a volume. The same input twice is one report.
     *
     * <p>Fails with {@code REGISTRY_DENIED}, {@code REGISTRY_UNAVAILABLE} or {@code DISK_FULL}.
     */
    AttachedReport attach(Input input);
}
