package io.kaitoflow.activities.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaitoflow.presets.ImageReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An OCI image manifest.
 *
 * @param schemaVersion always 2
 * @param mediaType of the manifest itself
 * @param config the image configuration
 * @param layers lowest first
 * @param annotations in key order, so that equal manifests are equal bytes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageManifest(
        int schemaVersion,
        String mediaType,
        Descriptor config,
        List<Descriptor> layers,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> annotations) {

    /** The base model's name, where KAITO looks for it. */
    public static final String MODEL_NAME = "sh.kaito.model.name";

    @SuppressWarnings("NullAway") // Jackson hands null for missing lists and maps
    public ImageManifest {
        layers = layers == null ? List.of() : List.copyOf(layers);
        annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    static ImageManifest of(Descriptor config, Descriptor layer, Map<String, String> annotations) {
        return new ImageManifest(2, MediaTypes.MANIFEST, config, List.of(layer), annotations);
    }

    /** @throws ImageException.NotAnAdapter when the bytes are no image manifest */
    public static ImageManifest read(ImageReference image, byte[] json) {
        try {
            ImageManifest manifest = Json.read(json, ImageManifest.class);
            if (!manifest.layers.isEmpty()) {
                return manifest;
            }
        } catch (Json.Malformed notJson) {
            throw new ImageException.NotAnAdapter("Reading the manifest of " + image + ": " + notJson.getMessage());
        }
        throw new ImageException.NotAnAdapter("The manifest of " + image
                + " has no layers: it is an image index or an artifact of another kind. Name the image itself.");
    }
}
