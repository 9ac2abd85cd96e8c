package io.kaitoflow.activities.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaitoflow.presets.Digest;
import java.util.Map;

/**
 * Points at a blob, as the OCI image specification writes it.
 *
 * @param mediaType of the bytes
 * @param digest of the bytes
 * @param size in bytes
 * @param annotations written only when there are any
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> annotations) {

    @SuppressWarnings("NullAway") // Jackson hands null for a missing map
    public Descriptor {
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    }

    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, Map.of());
    }
}
