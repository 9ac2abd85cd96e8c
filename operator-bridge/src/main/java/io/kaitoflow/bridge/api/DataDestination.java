package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.kubernetes.api.model.Volume;
import io.kaitoflow.bridge.api.schema.VolumeSchema;
import org.jspecify.annotations.Nullable;

/** Where an adapter goes: exactly one of volume and image. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataDestination(
        @JsonDeserialize(using = VolumeReader.class)
        @SchemaFrom(type = VolumeSchema.class)
        @PreserveUnknownFields
        @JsonPropertyDescription("A volume that the adapter is written to, as in a pod but without a name.")
        @Nullable
        Volume volumeSource,

        @JsonPropertyDescription("The image that the adapter is pushed as: registry/repository:tag.") @Nullable
        String image,

        @JsonPropertyDescription(
                "A Secret of type kubernetes.io/dockerconfigjson that may push, and later pull, that image. "
                        + "Required unless the installation has a workload identity.")
        @Nullable
        String imagePushSecret) {}
