package io.kaitoflow.activities.image;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of images, whoever made them; every byte is checked against the digest that stands above it. */
record ImageContents(ImageStore store) {

    /**
     * Copies what lies in one folder.
     *
     * @param image the manifest is checked where the reference has a digest
     * @param inside the folder of the image, ending with a slash
     * @param work folder for layers under way
     * @param target takes the files
     */
    void copy(ImageReference image, String inside, Path work, Path target) throws IOException {
        byte[] json = store.manifest(image);
        if (image.digest().isPresent()) {
            verify(image, "manifest", image.digest().get(), Sha256.of(json));
        }
        LayerUnpacker unpacker = new LayerUnpacker(image.toString(), inside, target);
        for (Descriptor layer : ImageManifest.read(image, json).layers()) {
            Path file = work.resolve(layer.digest().hex());
            store.download(image, layer, file);
            verify(image, "layer", layer.digest(), Sha256.of(file));
            unpacker.unpack(new Blob.InFile(layer, file));
            Files.delete(file);
        }
    }

    private void verify(ImageReference image, String part, Digest expected, Digest found) {
        if (!expected.equals(found)) {
            throw new ImageException.Corrupt("Pulling " + image + " from " + store.location(image) + " gave a " + part
                    + " with digest " + found + " where " + expected + " was expected.");
        }
    }
}
