package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaitoflow.presets.ImageReference;
import java.util.List;
import java.util.Optional;

/**
 * An adapter that is served beside the base model, from exactly one of an image and a volume.
 *
 * @param name unique in the workspace; the model name that requests use
 * @param image holds the adapter under {@code /data}
 * @param pullSecrets tried in order
 * @param strength factor on the adapter's own scaling, 0 to 1
 * @param volume holds the adapter in the folder of its name, else at its root; absent from wishes of earlier releases
 */
public record AdapterReference(
        String name,
        Optional<ImageReference> image,
        List<SecretReference> pullSecrets,
        double strength,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<VolumeReference> volume) {

    public AdapterReference {
        pullSecrets = List.copyOf(pullSecrets);
    }

    /** Of an image. */
    public AdapterReference(String name, ImageReference image, List<SecretReference> pullSecrets, double strength) {
        this(name, Optional.of(image), pullSecrets, strength, Optional.empty());
    }

    /** Of a volume. */
    public AdapterReference(String name, VolumeReference volume, double strength) {
        this(name, Optional.empty(), List.of(), strength, Optional.of(volume));
    }

    /** The same as it was trained. */
    public AdapterReference atFullStrength() {
        return new AdapterReference(name, image, pullSecrets, 1, volume);
    }
}
