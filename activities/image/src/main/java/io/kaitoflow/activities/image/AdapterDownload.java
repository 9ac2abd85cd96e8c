package io.kaitoflow.activities.image;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pulls an adapter out of a store: verified by digest, unpacked beside the target, moved there in one step. */
final class AdapterDownload {

    private final ImageStore store;

    AdapterDownload(ImageStore store) {
        this.store = store;
    }

    /**
     * @param image pinned by the digest that must be met
     * @param folder appears whole or not at all; replaced when it exists
     */
    void pull(ImageReference image, Digest digest, Path folder) {
        Path target = folder.toAbsolutePath();
        try {
            Files.createDirectories(target.getParent());
            Path work = Files.createTempDirectory(target.getParent(), ".pull-");
            try {
                Path unpacked = Files.createDirectory(work.resolve("data"));
                new ImageContents(store).copy(image.withDigest(digest), AdapterFiles.FOLDER, work, unpacked);
                AdapterFiles.in(unpacked);
                Folders.replace(target, unpacked);
            } finally {
                Folders.delete(work);
            }
        } catch (IOException cause) {
            throw ImageException.ofFile("Unpacking " + image + " into " + folder, cause);
        }
    }
}
