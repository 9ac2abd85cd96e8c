package io.kaitoflow.workflows.request;

import io.kaitoflow.presets.ImageReference;
import java.util.List;

/**
 * An adapter that is served beside the base model.
 *
 * @param name unique in the workspace; the model name that requests use
 * @param image holds the adapter under {@code /data}
 * @param pullSecrets tried in order
 * @param strength factor on the adapter's own scaling, 0 to 1
 */
public record AdapterReference(String name, ImageReference image, List<SecretReference> pullSecrets, double strength) {

    public AdapterReference {
        pullSecrets = List.copyOf(pullSecrets);
    }
}
