package io.kaitoflow.workflows.rollout;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import java.util.List;
import java.util.Optional;

/**
 * An adapter to serve: of an image by digest, of a volume as it is found there.
 *
 * @param name in the OpenAI API
 * @param image where it lies; empty when it lies in a volume alone
 * @param digest of the image's manifest; the server starts with no other bytes
 * @param pullSecrets tried in order
 * @param strength factor on its scaling
 * @param volume where it lies too, or alone; absent from inputs of earlier releases
 */
public record ServedAdapter(
        String name,
        Optional<ImageReference> image,
        Optional<Digest> digest,
        List<SecretReference> pullSecrets,
        double strength,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<VolumeReference> volume) {

    /** Stands for the machine that made the image, in place of a registry. */
    private static final String NO_REGISTRY = "localhost";

    public ServedAdapter {
        pullSecrets = List.copyOf(pullSecrets);
    }

    /** Of an image. */
    public ServedAdapter(
            String name, ImageReference image, Digest digest, List<SecretReference> pullSecrets, double strength) {
        this(name, Optional.of(image), Optional.of(digest), pullSecrets, strength, Optional.empty());
    }

    /** Of a volume. */
    public ServedAdapter(String name, VolumeReference volume, double strength) {
        this(name, Optional.empty(), Optional.empty(), List.of(), strength, Optional.of(volume));
    }

    /** Whether a registry has it, for whoever is not on the machine that made it. */
    public boolean inRegistry() {
        return image.filter(named -> !named.registry().equals(NO_REGISTRY)).isPresent();
    }

    /** Which bytes, for people: the digest, else the volume. */
    public String origin() {
        return digest.map(Digest::toString)
                .or(() -> volume.map(VolumeReference::title))
                .orElse("");
    }
}
