package io.kaitoflow.activities.image;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.List;
import java.util.Optional;

/** Knows which store a reference means. The caller closes what it gets. */
public interface ImageStores {

    /** Where an image of this name is pushed. */
    ImageTarget forPush(ImageReference image, List<SecretReference> secrets);

    /** Where the image with this name and manifest is found. */
    ImageStore forPull(ImageReference image, Optional<Digest> manifest, List<SecretReference> secrets);

    /** The store of this machine, where there is one. */
    Optional<ImageStore> local();
}
