package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.kaitoflow.presets.Digest;
import java.util.Optional;

/** A volume of the workspace's namespace that holds data or takes results. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = VolumeReference.Claim.class, name = "claim"),
    @JsonSubTypes.Type(value = VolumeReference.ConfigMap.class, name = "configMap"),
    @JsonSubTypes.Type(value = VolumeReference.HostPath.class, name = "hostPath")
})
public sealed interface VolumeReference {

    /** Enough to tell apart what one workspace names. */
    int KEY_DIGITS = 12;

    /** As Kubernetes calls it, with its name. */
    default String title() {
        return switch (this) {
            case Claim claim -> "PersistentVolumeClaim " + claim.name();
            case ConfigMap map -> "ConfigMap " + map.name();
            case HostPath host -> "folder " + host.path();
        };
    }

    /** A word of letters and digits that no other volume has, nor the same ConfigMap with other content. */
    default String key() {
        String content = this instanceof ConfigMap map ? map.content().orElse("") : "";
        return Digest.ofText(title() + " " + content).hex().substring(0, KEY_DIGITS);
    }

    /** A PersistentVolumeClaim. */
    record Claim(String name) implements VolumeReference {}

    /**
     * A ConfigMap whose keys are files.
     *
     * @param content tells what it held when it was read; absent where nobody read it, and in wishes of earlier releases
     */
    record ConfigMap(String name, Optional<String> content) implements VolumeReference {
        /** Whatever it holds. */
        public ConfigMap(String name) {
            this(name, Optional.empty());
        }
    }

    /** A folder or file of the machine. */
    record HostPath(String path) implements VolumeReference {}
}
