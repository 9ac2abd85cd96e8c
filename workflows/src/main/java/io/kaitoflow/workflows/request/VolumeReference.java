package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A volume of the workspace's namespace that holds data or takes results. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = VolumeReference.Claim.class, name = "claim"),
    @JsonSubTypes.Type(value = VolumeReference.ConfigMap.class, name = "configMap"),
    @JsonSubTypes.Type(value = VolumeReference.HostPath.class, name = "hostPath")
})
public sealed interface VolumeReference {

    /** A PersistentVolumeClaim. */
    record Claim(String name) implements VolumeReference {}

    /** A ConfigMap whose keys are files. */
    record ConfigMap(String name) implements VolumeReference {}

    /** A folder or file of the machine. */
    record HostPath(String path) implements VolumeReference {}
}
