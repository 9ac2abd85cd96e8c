package io.kaitoflow.activities.image.registry;

import io.kaitoflow.activities.image.AdapterImage;
import io.kaitoflow.activities.image.Blob;
import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.Descriptor;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.ImageStore;
import io.kaitoflow.activities.image.MediaTypes;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Images in a registry, by the calls of the OCI distribution specification. An instance is one conversation with one registry
 * and belongs to one thread; nothing is retried here, as every call may be made again.
 */
public final class RegistryImages implements ImageStore {

    private final RegistryAddress registry;
    private final Transport transport;
    private final RegistryClient client;

    /** @param credentials tried in order */
    public RegistryImages(
            RegistryAddress registry, List<Credential> credentials, RegistryTimeouts timeouts, Pulse pulse) {
        this.registry = registry;
        this.transport = new Transport(timeouts, pulse);
        this.client = new RegistryClient(registry, transport, new Authorisation(transport, credentials));
    }

    /**
     * Says hello. A registry that wants credentials has answered too.
     *
     * @throws ImageException.Unreachable when nobody is there
     */
    public void greet() {
        client.send(RegistryCall.of("Asking for the registry", "GET", registry.resolve("/v2/")), Set.of(200, 401, 403));
    }

    @Override
    public void push(ImageReference target, AdapterImage image) {
        upload(target, image.layer());
        upload(target, image.config());
        RegistryCall call = RegistryCall.of("Pushing " + target, "PUT", manifestAddress(target, target.tag()));
        client.send(call.sending(image.manifest(), MediaTypes.MANIFEST), Set.of(200, 201, 202));
    }

    @Override
    public byte[] manifest(ImageReference image) {
        String version = image.digest().map(Digest::value).orElse(image.tag());
        RegistryCall call = RegistryCall.of("Pulling " + image, "GET", manifestAddress(image, version))
                .accepting(MediaTypes.READABLE_MANIFESTS);
        return client.send(call, Set.of(200)).body();
    }

    @Override
    public void download(ImageReference image, Descriptor blob, Path file) {
        RegistryCall call = RegistryCall.of("Pulling a layer of " + image, "GET", blobAddress(image, blob.digest()))
                .receiving(Bodies.toFile(file, blob.size()), blob.size());
        client.send(call, Set.of(200));
    }

    @Override
    public List<String> tags(ImageReference repository) {
        List<String> all = new ArrayList<>();
        Optional<URI> page = Optional.of(repository(repository, "tags/list"));
        while (page.isPresent()) {
            RegistryCall call = RegistryCall.of("Listing the tags of " + repository, "GET", page.get());
            HttpResponse<byte[]> answer = client.send(call, Set.of(200, 404));
            all.addAll(TagList.read(answer));
            page = TagList.next(answer).map(link -> client.target(call, link));
        }
        return List.copyOf(all);
    }

    @Override
    public void delete(ImageReference image) {
        Digest digest = image.digest()
                .orElseThrow(() -> new IllegalArgumentException(image + " has no digest, and is deleted by that"));
        RegistryCall call = RegistryCall.of("Deleting " + image, "DELETE", manifestAddress(image, digest.value()));
        client.send(call, Set.of(200, 202, 204, 404));
    }

    @Override
    public void attach(ImageReference subject, Blob.InMemory manifest, List<? extends Blob> blobs) {
        blobs.forEach(blob -> upload(subject, blob));
        referrers().put(subject, manifest);
    }

    @Override
    public List<Descriptor> referrers(ImageReference subject, String artifactType) {
        return referrers().of(subject, artifactType);
    }

    private Referrers referrers() {
        return new Referrers(client, this::repository);
    }

    @Override
    public void checkPush(ImageReference target) {
        URI upload = openUpload("Trying a push to " + target, target);
        // Not every registry lets an upload be cancelled; it then drops it by itself after a while.
        client.send(RegistryCall.of("Cancelling the trial push to " + target, "DELETE", upload), anyAnswerBelow500());
    }

    @Override
    public String location(ImageReference image) {
        return registry.toString();
    }

    private void upload(ImageReference target, Blob blob) {
        Digest digest = blob.descriptor().digest();
        RegistryCall look = RegistryCall.of("Looking for a layer of " + target, "HEAD", blobAddress(target, digest));
        if (client.send(look, Set.of(200, 404)).statusCode() == 200) {
            return;
        }
        String doing = "Pushing a layer of " + target;
        URI upload = openUpload(doing, target);
        String query = (upload.getRawQuery() == null ? "?" : "&") + "digest=" + digest;
        RegistryCall call = RegistryCall.of(doing, "PUT", URI.create(upload + query));
        client.send(call.sending(blob, "application/octet-stream"), Set.of(201));
    }

    private URI openUpload(String doing, ImageReference target) {
        RegistryCall call = RegistryCall.of(doing, "POST", repository(target, "blobs/uploads/"));
        HttpResponse<byte[]> answer = client.send(call, Set.of(202));
        String location = answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new ImageException.Unavailable(
                        doing + " on " + registry + " was answered 202 without a Location.", null));
        return client.target(call, location);
    }

    private URI manifestAddress(ImageReference image, String version) {
        return repository(image, "manifests/" + version);
    }

    private URI blobAddress(ImageReference image, Digest digest) {
        return repository(image, "blobs/" + digest);
    }

    private URI repository(ImageReference image, String path) {
        String prefix =
                registry.name().equals("docker.io") && !image.repository().contains("/") ? "library/" : "";
        return registry.resolve("/v2/" + prefix + image.repository() + "/" + path);
    }

    private static Set<Integer> anyAnswerBelow500() {
        return IntStream.range(200, 500).boxed().collect(Collectors.toSet());
    }

    @Override
    public void close() {
        transport.close();
    }
}
