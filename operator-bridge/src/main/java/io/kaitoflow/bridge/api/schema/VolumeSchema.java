package io.kaitoflow.bridge.api.schema;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;

/**
 * How a volume looks in the definition: the kinds that can be read and written. Every other kind passes the schema, as it does
 * in KAITO's, and is refused by the translator in words.
 */
@PreserveUnknownFields
public record VolumeSchema(
        @PreserveUnknownFields @JsonPropertyDescription("A claim in this namespace.")
        Claim persistentVolumeClaim,

        @PreserveUnknownFields @JsonPropertyDescription("A ConfigMap in this namespace; only to read from.")
        ConfigMap configMap,

        @PreserveUnknownFields @JsonPropertyDescription("A folder of the node, where the installation allows it.")
        HostPath hostPath) {

    /** Names a claim. */
    public record Claim(
            @JsonPropertyDescription("The claim's name.") String claimName) {}

    /** Names a ConfigMap. */
    public record ConfigMap(
            @JsonPropertyDescription("The ConfigMap's name.")
            String name) {}

    /** Names a folder. */
    public record HostPath(
            @JsonPropertyDescription("The folder's path.") String path) {}
}
