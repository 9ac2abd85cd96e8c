package io.kaitoflow.activities.tuning;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.nio.file.Path;
import java.util.List;

/** Brings adapters that were pushed before. */
@FunctionalInterface
public interface AdapterSource {

    /**
     * The folder of an adapter in PEFT's layout; what is here already is not fetched again.
     *
     * @param secrets that may open its registry
     */
    Path fetch(ImageReference image, List<SecretReference> secrets);
}
