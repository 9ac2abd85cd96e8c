package io.kaitoflow.workflows.rollout;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.List;

/**
 * An adapter to serve, by digest.
 *
 * @param name in the OpenAI API
 * @param image where it lies
 * @param digest of the manifest; the server starts with no other bytes
 * @param pullSecrets tried in order
 * @param strength factor on its scaling
 */
public record ServedAdapter(
        String name, ImageReference image, Digest digest, List<SecretReference> pullSecrets, double strength) {

    public ServedAdapter {
        pullSecrets = List.copyOf(pullSecrets);
    }
}
