package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.nio.file.Path;
import java.util.List;

/** Takes a folder out of an image; whoever knows registries implements it. */
@FunctionalInterface
public interface ImageFolders {

    /**
     * Copies all files under a folder of the image into an empty folder of this machine.
     *
     * <p>Fails with an exception that knows its {@link io.kaitoflow.workflows.failure.FailureKind}.
     */
    void copy(
            ImageReference image,
            List<SecretReference> pullSecrets,
            String folderInImage,
            Path target,
            ProgressListener listener);
}
