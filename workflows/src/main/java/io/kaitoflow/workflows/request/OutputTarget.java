package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.kaitoflow.presets.ImageReference;
import java.util.Optional;

/** Where the adapter goes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OutputTarget.Image.class, name = "image"),
    @JsonSubTypes.Type(value = OutputTarget.Volume.class, name = "volume")
})
public sealed interface OutputTarget {

    /** An image in a registry; the secret also pulls it. */
    record Image(ImageReference image, Optional<SecretReference> pushSecret) implements OutputTarget {}

    /** A folder of a volume. */
    record Volume(VolumeReference volume) implements OutputTarget {}
}
