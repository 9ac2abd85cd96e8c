package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.List;

/** Says what a tag stands for; whoever knows registries implements it. */
@FunctionalInterface
public interface ImageTags {

    /**
     * The digest that the tag stands for now.
     *
     * <p>Fails with an exception that knows its {@link io.kaitoflow.workflows.failure.FailureKind}.
     */
    Digest resolve(ImageReference image, List<SecretReference> pullSecrets);
}
