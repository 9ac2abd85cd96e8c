package io.kaitoflow.activities.image.report;

import io.kaitoflow.activities.image.Blob;
import io.kaitoflow.activities.image.Descriptor;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.ImageStore;
import io.kaitoflow.activities.image.ImageStores;
import io.kaitoflow.activities.image.MediaTypes;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Training reports as artifacts that are attached to the image of the result: {@code oras discover} lists them, {@code oras pull} and
 * {@code kaitoflow report} fetch them. Errors are {@link ImageException}s.
 */
public final class ReportImages {

    /** What such an artifact is. */
    public static final String TYPE = "application/vnd.kaitoflow.training-report.v1";

    public static final String JSON = "report.json";
    public static final String PAGE = "report.html";

    private static final String CREATED = "org.opencontainers.image.created";
    private static final Blob.InMemory NOTHING = Blob.of(MediaTypes.EMPTY, "{}".getBytes(StandardCharsets.UTF_8));

    /**
     * A report.
     *
     * @param json for programs
     * @param page for people, in HTML
     */
    public record Report(String json, String page) {}

    private final ImageStores stores;
    private final Path scratch;

    /** @param scratch folder for files under way; holds nothing between calls */
    public ReportImages(ImageStores stores, Path scratch) {
        this.stores = stores;
        this.scratch = scratch;
    }

    /**
     * Attaches a report to an image that is there; the same report twice is one.
     *
     * @param image with its digest
     * @param at when the result was made; of several reports the newest is read
     * @return digest of the artifact's manifest
     */
    public Digest attach(ImageReference image, List<SecretReference> secrets, Report report, Instant at) {
        try (ImageStore store = stores.forPull(image, image.digest(), secrets)) {
            Blob.InMemory json = Blob.of(TYPE + "+json", report.json().getBytes(StandardCharsets.UTF_8));
            Blob.InMemory page = Blob.of("text/html", report.page().getBytes(StandardCharsets.UTF_8));
            Blob.InMemory manifest = ReportManifest.of(
                            TYPE,
                            NOTHING.descriptor(),
                            List.of(
                                    ReportManifest.named(json.descriptor(), JSON),
                                    ReportManifest.named(page.descriptor(), PAGE)),
                            subject(image, store),
                            Map.of(CREATED, at.truncatedTo(ChronoUnit.SECONDS).toString()))
                    .blob();
            store.attach(image, manifest, List.of(NOTHING, json, page));
            return manifest.descriptor().digest();
        }
    }

    /** The newest report of an image; empty where none is attached to it. */
    public Optional<Report> newest(ImageReference image, List<SecretReference> secrets) {
        try (ImageStore store = stores.forPull(image, image.digest(), secrets)) {
            ImageReference pinned = image.withDigest(Sha256.of(store.manifest(image)));
            return store.referrers(pinned, TYPE).stream()
                    .max(Comparator.comparing(found -> found.annotations().getOrDefault(CREATED, "")))
                    .map(found -> read(pinned, found, store));
        }
    }

    private static Descriptor subject(ImageReference image, ImageStore store) {
        byte[] manifest = store.manifest(image);
        Digest digest = Sha256.of(manifest);
        if (!image.digest().map(digest::equals).orElse(true)) {
            throw new ImageException.Corrupt("The manifest of " + image + " has the digest " + digest + ".");
        }
        return new Descriptor(MediaTypes.MANIFEST, digest, manifest.length);
    }

    private Report read(ImageReference image, Descriptor found, ImageStore store) {
        byte[] json = store.manifest(image.withDigest(found.digest()));
        if (!Sha256.of(json).equals(found.digest())) {
            throw damaged(image, found);
        }
        ReportManifest manifest = ReportManifest.read(image, json);
        return new Report(text(image, manifest, JSON, store), text(image, manifest, PAGE, store));
    }

    private String text(ImageReference image, ReportManifest manifest, String name, ImageStore store) {
        Descriptor file = manifest.file(name)
                .orElseThrow(
                        () -> new ImageException.Corrupt("The training report of " + image + " has no " + name + "."));
        try {
            Path copy = Files.createTempFile(Files.createDirectories(scratch), "report-", "");
            try {
                store.download(image, file, copy);
                byte[] content = Files.readAllBytes(copy);
                if (!Sha256.of(content).equals(file.digest())) {
                    throw damaged(image, file);
                }
                return new String(content, StandardCharsets.UTF_8);
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException cause) {
            throw ImageException.ofFile("Reading the training report of " + image, cause);
        }
    }

    private static ImageException damaged(ImageReference image, Descriptor part) {
        return new ImageException.Corrupt(
                "The training report of " + image + " has other bytes than " + part.digest() + ".");
    }
}
