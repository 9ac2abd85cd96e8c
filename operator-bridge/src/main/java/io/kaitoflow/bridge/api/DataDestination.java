package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Volume;
import org.jspecify.annotations.Nullable;

/**
 * Where an adapter goes: exactly one of volume and image.
 *
 * @param volumeSource a volume without a name
 * @param image reference with a tag
 * @param imagePushSecret of type {@code kubernetes.io/dockerconfigjson}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataDestination(
        @Nullable Volume volumeSource,
        @Nullable String image,
        @Nullable String imagePushSecret) {}
