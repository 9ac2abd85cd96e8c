package io.kaitoflow.activities.image.layout;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.kaitoflow.activities.image.Descriptor;
import io.kaitoflow.activities.image.MediaTypes;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The file {@code index.json} of a layout.
 *
 * @param schemaVersion always 2
 * @param mediaType of the index
 * @param manifests of images, each annotated with its full name, and of what is attached to them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record LayoutIndex(int schemaVersion, String mediaType, List<Descriptor> manifests) {

    private static final String REFERENCE = "org.opencontainers.image.ref.name";

    LayoutIndex {
        manifests = List.copyOf(manifests);
    }

    static LayoutIndex empty() {
        return new LayoutIndex(2, MediaTypes.INDEX, List.of());
    }

    /** The name of an image in a layout: everything but the digest. */
    private static String nameOf(ImageReference image) {
        return image.withTag(image.tag()).toString();
    }

    Optional<Descriptor> find(ImageReference image) {
        return manifests.stream().filter(named(nameOf(image))).findFirst();
    }

    /** This index with the tag moved to another manifest. */
    LayoutIndex with(ImageReference image, Descriptor manifest) {
        String name = nameOf(image);
        List<Descriptor> changed =
                new ArrayList<>(manifests.stream().filter(named(name).negate()).toList());
        changed.add(manifest.annotated(Map.of(REFERENCE, name)));
        return new LayoutIndex(schemaVersion, mediaType, changed);
    }

    /** This index with a manifest that has no tag; once, however often it is added. */
    LayoutIndex with(Descriptor attached) {
        return new LayoutIndex(
                schemaVersion,
                mediaType,
                Stream.concat(
                                manifests.stream().filter(kept -> !kept.digest().equals(attached.digest())),
                                Stream.of(attached))
                        .toList());
    }

    /** Manifests without a tag that are artifacts of a type. */
    List<Descriptor> artifacts(String type) {
        return manifests.stream()
                .filter(manifest -> manifest.artifactType().equals(type))
                .toList();
    }

    /** Tags of the images in the same repository. */
    List<String> tags(ImageReference repository) {
        return manifests.stream()
                .flatMap(manifest -> Stream.ofNullable(manifest.annotations().get(REFERENCE)))
                .map(ImageReference::parse)
                .filter(image -> image.registry().equals(repository.registry())
                        && image.repository().equals(repository.repository()))
                .map(ImageReference::tag)
                .toList();
    }

    /** This index without any tag of a manifest. */
    LayoutIndex without(Digest manifest) {
        return new LayoutIndex(
                schemaVersion,
                mediaType,
                manifests.stream()
                        .filter(kept -> !kept.digest().equals(manifest))
                        .toList());
    }

    private static Predicate<Descriptor> named(String name) {
        return manifest -> name.equals(manifest.annotations().get(REFERENCE));
    }
}
