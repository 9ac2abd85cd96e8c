package io.kaitoflow.activities.image.layout;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.kaitoflow.activities.image.AdapterImage;
import io.kaitoflow.activities.image.Blob;
import io.kaitoflow.activities.image.Descriptor;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.ImageStore;
import io.kaitoflow.activities.image.Json;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Images in one OCI image layout folder, blobs shared between them. {@code skopeo inspect oci:FOLDER:IMAGE} reads it.
 *
 * <p>Every file appears whole or not at all, and several threads and processes may write at a time.
 */
public final class LayoutImages implements ImageStore {

    private static final byte[] MARKER = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8);

    private final Path folder;

    /** @param folder is made with the first push */
    public LayoutImages(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public void push(ImageReference target, AdapterImage image) {
        try {
            prepare();
            keep(image.layer());
            keep(image.config());
            keep(image.manifest());
            changeIndex(index -> index.with(target, image.manifest().descriptor()));
        } catch (IOException cause) {
            throw ImageException.ofFile("Writing " + target + " into the image layout " + folder, cause);
        }
    }

    @Override
    public byte[] manifest(ImageReference image) {
        try {
            return Files.readAllBytes(existing(image, manifestDigest(image)));
        } catch (IOException cause) {
            throw ImageException.ofFile("Reading " + image + " from the image layout " + folder, cause);
        }
    }

    @Override
    public void download(ImageReference image, Descriptor blob, Path file) {
        try {
            Files.copy(existing(image, blob.digest()), file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException cause) {
            throw ImageException.ofFile("Copying a layer of " + image + " from the image layout " + folder, cause);
        }
    }

    @Override
    public List<String> tags(ImageReference repository) {
        try {
            return readIndex().tags(repository);
        } catch (IOException cause) {
            throw ImageException.ofFile("Reading the index of the image layout " + folder, cause);
        }
    }

    /** Its blobs stay: another image may share them. */
    @Override
    public void delete(ImageReference image) {
        try {
            if (Files.exists(folder.resolve("index.json"))) {
                changeIndex(index -> index.without(manifestDigestOf(image)));
            }
        } catch (IOException cause) {
            throw ImageException.ofFile("Deleting " + image + " from the image layout " + folder, cause);
        }
    }

    @Override
    public void attach(ImageReference subject, Blob.InMemory manifest, List<? extends Blob> blobs) {
        try {
            prepare();
            for (Blob blob : blobs) {
                keep(blob);
            }
            keep(manifest);
            changeIndex(index -> index.with(manifest.descriptor()));
        } catch (IOException cause) {
            throw ImageException.ofFile("Attaching to " + subject + " in the image layout " + folder, cause);
        }
    }

    @Override
    public List<Descriptor> referrers(ImageReference subject, String artifactType) {
        Digest digest = manifestDigestOf(subject);
        List<Descriptor> found = new ArrayList<>();
        try {
            for (Descriptor artifact : readIndex().artifacts(artifactType)) {
                byte[] json = Files.readAllBytes(existing(subject, artifact.digest()));
                if (digest.equals(Json.read(json, Attached.class).subject().digest())) {
                    found.add(artifact);
                }
            }
            return found;
        } catch (IOException cause) {
            throw ImageException.ofFile("Reading what is attached to " + subject + " in " + folder, cause);
        }
    }

    /** What a manifest says of its subject. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Attached(Descriptor subject) {}

    private static Digest manifestDigestOf(ImageReference image) {
        return image.digest()
                .orElseThrow(() -> new IllegalArgumentException(image + " has no digest, and is known by that alone"));
    }

    @Override
    public void checkPush(ImageReference target) {
        try {
            prepare();
            Files.delete(Files.createTempFile(folder, ".check-", ""));
        } catch (IOException cause) {
            throw ImageException.ofFile("Writing into the image layout " + folder, cause);
        }
    }

    @Override
    public String location(ImageReference image) {
        return folder.toString();
    }

    /** There is nothing to close: every call opens what it needs. */
    @Override
    public void close() {}

    /** Whether the image with this manifest lies here. */
    public boolean contains(Digest manifest) {
        return Files.isRegularFile(blob(manifest));
    }

    /** Whether an image was pushed here under this tag. */
    public boolean contains(ImageReference image) {
        try {
            return readIndex().find(image).isPresent();
        } catch (IOException cause) {
            throw ImageException.ofFile("Reading the index of the image layout " + folder, cause);
        }
    }

    private Digest manifestDigest(ImageReference image) throws IOException {
        if (image.digest().isPresent()) {
            return image.digest().get();
        }
        return readIndex()
                .find(image)
                .map(Descriptor::digest)
                .orElseThrow(() -> new ImageException.NotAnAdapter(
                        "Looked for " + image + " in the image layout " + folder + ": there is no such image."));
    }

    private Path existing(ImageReference image, Digest digest) {
        Path blob = blob(digest);
        if (!Files.isRegularFile(blob)) {
            throw new ImageException.NotAnAdapter(
                    "Looked for " + image + " in the image layout " + folder + ": it has no blob " + digest + ".");
        }
        return blob;
    }

    private Path blob(Digest digest) {
        return folder.resolve("blobs/sha256").resolve(digest.hex());
    }

    private void prepare() throws IOException {
        Files.createDirectories(folder.resolve("blobs/sha256"));
        if (!Files.exists(folder.resolve("oci-layout"))) {
            WholeFile.write(folder.resolve("oci-layout"), MARKER);
        }
    }

    private void keep(Blob blob) throws IOException {
        Digest digest = blob.descriptor().digest();
        Path target = blob(digest);
        // A blob damaged by the disk is replaced, not trusted for its name.
        if (Files.exists(target) && Sha256.of(target).equals(digest)) {
            return;
        }
        try (InputStream content = blob.open()) {
            WholeFile.write(target, content);
        }
    }

    private void changeIndex(UnaryOperator<LayoutIndex> change) throws IOException {
        try (FolderLock _ = FolderLock.take(folder.resolve(".lock"))) {
            WholeFile.write(folder.resolve("index.json"), Json.write(change.apply(readIndex())));
        }
    }

    private LayoutIndex readIndex() throws IOException {
        Path file = folder.resolve("index.json");
        return Files.exists(file) ? Json.read(Files.readAllBytes(file), LayoutIndex.class) : LayoutIndex.empty();
    }
}
