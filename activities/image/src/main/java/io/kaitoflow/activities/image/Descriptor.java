package io.kaitoflow.activities.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaitoflow.presets.Digest;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Points at a blob, as the OCI image specification writes it.
 *
 * @param mediaType of the bytes
 * @param digest of the bytes
 * @param size in bytes
 * @param annotations written only when there are any
 * @param artifactType of a manifest that is no image; written only when there is one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> annotations,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String artifactType) {

    @SuppressWarnings("NullAway") // Jackson hands null for a missing map or string
    public Descriptor {
        annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(annotations));
        artifactType = artifactType == null ? "" : artifactType;
    }

    /** Of bytes that nothing more is to be said of. */
    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, Map.of(), "");
    }

    /** The same bytes with annotations. */
    public Descriptor annotated(Map<String, String> said) {
        return new Descriptor(mediaType, digest, size, said, artifactType);
    }

    /** The same bytes as an artifact of this type. */
    public Descriptor ofType(String artifact) {
        return new Descriptor(mediaType, digest, size, annotations, artifact);
    }
}
