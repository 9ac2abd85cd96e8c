package io.kaitoflow.activities.image;

import io.kaitoflow.presets.ImageReference;
import java.nio.file.Path;
import java.util.List;

/** A place that keeps images. Every call is idempotent and may be retried; errors are {@link ImageException}s. */
public interface ImageStore extends AutoCloseable {

    /** Makes the image known under the reference's tag; blobs that are there already are not sent again. */
    void push(ImageReference target, AdapterImage image);

    /** The manifest's bytes, by digest when the reference has one, else by tag; not yet verified. */
    byte[] manifest(ImageReference image);

    /** Writes a blob's bytes into a file; not yet verified. */
    void download(ImageReference image, Descriptor blob, Path file);

    /** Tags of the reference's repository; none when there is no such repository. */
    List<String> tags(ImageReference repository);

    /**
     * Forgets the manifest with the reference's digest, and every tag of it; one that is not there is forgotten already. Not every
     * registry allows it: {@link ImageException.Denied} then.
     */
    void delete(ImageReference image);

    /**
     * Attaches a manifest to the one that it names as its subject, by digest and without a tag of its own; the same twice is one.
     *
     * @param subject with the digest of what it is attached to
     * @param manifest whose descriptor has the artifact's type and its annotations
     * @param blobs that it names
     */
    void attach(ImageReference subject, Blob.InMemory manifest, List<? extends Blob> blobs);

    /** What is attached to the reference's digest and of this type. */
    List<Descriptor> referrers(ImageReference subject, String artifactType);

    /** Fails with the reason if a push to this repository would be refused; leaves nothing behind. */
    void checkPush(ImageReference target);

    /** Where images of this repository lie, for people: an address or a folder. */
    String location(ImageReference image);

    /** Ends the conversation; what was pushed stays. */
    @Override
    void close();
}
