package io.kaitoflow.bridge.api.schema;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;

/** How a pod template looks in the definition: its two parts, which are not looked into. */
@PreserveUnknownFields
public record PodTemplateSchema(
        @PreserveUnknownFields @JsonPropertyDescription("Labels and annotations of the pod.")
        Part metadata,

        @PreserveUnknownFields @JsonPropertyDescription("The pod, see: kubectl explain pod.spec.")
        Part spec) {

    /** Anything. */
    @PreserveUnknownFields
    public record Part() {}
}
