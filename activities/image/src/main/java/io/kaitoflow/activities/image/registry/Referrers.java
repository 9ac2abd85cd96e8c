package io.kaitoflow.activities.image.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.kaitoflow.activities.image.Blob;
import io.kaitoflow.activities.image.Descriptor;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Json;
import io.kaitoflow.activities.image.MediaTypes;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is attached to a manifest, by version 1.1 of the distribution specification. Where a registry does not look after it itself, an
 * index under the tag {@code sha256-<hex>} does, as the specification says for such registries.
 *
 * @param addresses of a path in a reference's repository
 */
record Referrers(RegistryClient client, BiFunction<ImageReference, String, URI> addresses) {

    /** Set by a registry that understood what a manifest is attached to. */
    private static final String UNDERSTOOD = "OCI-Subject";

    /** Puts the manifest there, whose blobs are there. */
    void put(ImageReference subject, Blob.InMemory manifest) {
        String digest = manifest.descriptor().digest().value();
        RegistryCall call = RegistryCall.of("Attaching to " + subject, "PUT", manifest(subject, digest))
                .sending(manifest, MediaTypes.MANIFEST);
        HttpResponse<byte[]> answer = client.send(call, Set.of(200, 201, 202));
        if (answer.headers().firstValue(UNDERSTOOD).isEmpty()) {
            addToIndex(subject, manifest.descriptor());
        }
    }

    /** All that are of this type, each once. */
    List<Descriptor> of(ImageReference subject, String artifactType) {
        return Stream.concat(known(subject, artifactType).stream(), indexed(subject).stream())
                .filter(artifact -> artifact.artifactType().equals(artifactType))
                .distinct()
                .toList();
    }

    private List<Descriptor> known(ImageReference subject, String artifactType) {
        String path = "referrers/" + digest(subject) + "?artifactType="
                + URLEncoder.encode(artifactType, StandardCharsets.UTF_8);
        RegistryCall call =
                RegistryCall.of("Asking what is attached to " + subject, "GET", addresses.apply(subject, path));
        HttpResponse<byte[]> answer =
                client.send(call.accepting(List.of(MediaTypes.INDEX)), Set.of(200, 400, 404, 405));
        return answer.statusCode() == 200 ? read(answer) : List.of();
    }

    private List<Descriptor> indexed(ImageReference subject) {
        RegistryCall call = RegistryCall.of("Reading the index of " + subject, "GET", manifest(subject, tag(subject)));
        HttpResponse<byte[]> answer = client.send(call.accepting(List.of(MediaTypes.INDEX)), Set.of(200, 404));
        return answer.statusCode() == 200 ? read(answer) : List.of();
    }

    private void addToIndex(ImageReference subject, Descriptor artifact) {
        List<Descriptor> all = new ArrayList<>(indexed(subject));
        if (all.stream().noneMatch(each -> each.digest().equals(artifact.digest()))) {
            all.add(artifact);
            Blob.InMemory index = Blob.of(MediaTypes.INDEX, Json.write(new Index(2, MediaTypes.INDEX, all)));
            RegistryCall call =
                    RegistryCall.of("Indexing what is attached to " + subject, "PUT", manifest(subject, tag(subject)));
            client.send(call.sending(index, MediaTypes.INDEX), Set.of(200, 201, 202));
        }
    }

    private static List<Descriptor> read(HttpResponse<byte[]> answer) {
        try {
            return Objects.requireNonNullElse(
                    Json.read(answer.body(), Index.class).manifests(), List.of());
        } catch (Json.Malformed noIndex) {
            throw new ImageException.Unavailable(
                    "Asking what is attached, at " + answer.uri() + ", was answered with something else: "
                            + noIndex.getMessage(),
                    noIndex);
        }
    }

    private URI manifest(ImageReference subject, String version) {
        return addresses.apply(subject, "manifests/" + version);
    }

    private static String tag(ImageReference subject) {
        return "sha256-" + digest(subject).hex();
    }

    private static Digest digest(ImageReference subject) {
        return subject.digest()
                .orElseThrow(
                        () -> new IllegalArgumentException(subject + " has no digest, to which things are attached"));
    }

    /** An image index. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Index(
            int schemaVersion, String mediaType, @Nullable List<Descriptor> manifests) {}
}
