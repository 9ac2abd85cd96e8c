package io.kaitoflow.activities.image.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.kaitoflow.activities.image.Blob;
import io.kaitoflow.activities.image.Descriptor;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Json;
import io.kaitoflow.activities.image.MediaTypes;
import io.kaitoflow.presets.ImageReference;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of an artifact as version 1.1 of the image specification has it.
 *
 * @param schemaVersion always 2
 * @param mediaType of a manifest
 * @param artifactType what it is
 * @param config empty
 * @param layers the files, each with its name
 * @param subject what it is attached to
 * @param annotations in key order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record ReportManifest(
        int schemaVersion,
        String mediaType,
        String artifactType,
        Descriptor config,
        @Nullable List<Descriptor> layers,
        Descriptor subject,
        @Nullable Map<String, String> annotations) {

    private static final String TITLE = "org.opencontainers.image.title";

    static ReportManifest of(
            String type, Descriptor config, List<Descriptor> files, Descriptor subject, Map<String, String> said) {
        return new ReportManifest(
                2,
                MediaTypes.MANIFEST,
                type,
                new Descriptor(config.mediaType(), config.digest(), config.size()),
                files,
                new Descriptor(subject.mediaType(), subject.digest(), subject.size()),
                new TreeMap<>(said));
    }

    static ReportManifest read(ImageReference image, byte[] json) {
        try {
            return Json.read(json, ReportManifest.class);
        } catch (Json.Malformed notOurs) {
            throw new ImageException.Corrupt(
                    "The training report of " + image + " cannot be read: " + notOurs.getMessage() + ".");
        }
    }

    /** A file's descriptor with its name. */
    static Descriptor named(Descriptor file, String name) {
        return file.annotated(Map.of(TITLE, name));
    }

    Optional<Descriptor> file(String name) {
        return Objects.requireNonNullElse(layers, List.<Descriptor>of()).stream()
                .filter(layer -> name.equals(layer.annotations().get(TITLE)))
                .findFirst();
    }

    /** Ready to be attached: whoever lists what is attached reads type and annotations there. */
    Blob.InMemory blob() {
        Blob.InMemory plain = Blob.of(mediaType, Json.write(this));
        Descriptor told = plain.descriptor()
                .annotated(Objects.requireNonNullElse(annotations, Map.of()))
                .ofType(artifactType);
        return new Blob.InMemory(told, plain.content());
    }
}
