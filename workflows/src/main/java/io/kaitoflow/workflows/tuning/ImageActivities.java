package io.kaitoflow.workflows.tuning;

import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.activity.ActivityInterface;

/** Puts adapters where they stay. */
@ActivityInterface(namePrefix = "Image.")
public interface ImageActivities {

    /**
     * @param id whose adapter
     * @param adapter what was trained
     * @param baseModel name for the image's annotation
     * @param target where it goes
     * @param accepted false keeps the result under another tag that never serves
     */
    record Input(WorkspaceId id, AdapterArtifact adapter, String baseModel, OutputTarget target, boolean accepted) {}

    /**
     * Pushes the adapter image and verifies it by pulling it back; the same bytes pushed twice are one image.
     *
     * <p>Fails with {@code REGISTRY_DENIED}, {@code REGISTRY_UNAVAILABLE} or {@code DISK_FULL}.
     */
    PushedImage push(Input input);
}
