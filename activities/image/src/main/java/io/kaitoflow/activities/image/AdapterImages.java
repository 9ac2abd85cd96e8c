package io.kaitoflow.activities.image;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Pushes and pulls adapters as images. Errors are {@link ImageException}s. */
public final class AdapterImages {

    private final ImageStores stores;
    private final Path scratch;

    /** @param scratch folder for files under way; holds nothing between calls */
    public AdapterImages(ImageStores stores, Path scratch) {
        this.stores = stores;
        this.scratch = scratch;
    }

    /** Pushes, pulls back, and compares with what was trained. The same bytes pushed twice are one image. */
    public PushedImage push(
            AdapterArtifact adapter, String baseModel, ImageReference image, List<SecretReference> secrets) {
        try (ImageStore store = stores.forPush(image, secrets).store()) {
            return push(adapter, baseModel, image, store);
        }
    }

    /** Pushes what was pushed before under another name. */
    PushedImage move(
            PushedImage from,
            AdapterArtifact adapter,
            String baseModel,
            ImageReference image,
            List<SecretReference> secrets) {
        return inScratch(work -> {
            Path folder = work.resolve("adapter");
            pull(from.image(), from.digest(), secrets, folder);
            return push(adapter.at(folder.toString()), baseModel, image, secrets);
        });
    }

    /** Keeps the adapter on this machine, where there is a store for it; elsewhere only its digest is made. */
    PushedImage keepLocally(AdapterArtifact adapter, String baseModel, ImageReference image) {
        Optional<ImageStore> local = stores.local();
        if (local.isPresent()) {
            return push(adapter, baseModel, image, local.get());
        }
        return inScratch(work -> {
            AdapterImage built = AdapterImage.build(Path.of(adapter.path()), baseModel, work.resolve("layer.tar"));
            return new PushedImage(image, built.digest(), adapter.path());
        });
    }

    /**
     * Fails as a push would, before there is anything to push.
     *
     * @return a sentence when the image would go to another place than its reference names
     */
    public Optional<String> checkPush(ImageReference image, List<SecretReference> secrets) {
        ImageTarget target = stores.forPush(image, secrets);
        try (ImageStore store = target.store()) {
            store.checkPush(image);
            return target.note();
        }
    }

    /** The digest that a tag stands for now. */
    public Digest resolve(ImageReference image, List<SecretReference> secrets) {
        try (ImageStore store = stores.forPull(image, image.digest(), secrets)) {
            byte[] manifest = store.manifest(image);
            ImageManifest.read(image, manifest);
            return Sha256.of(manifest);
        }
    }

    /** Pulls the adapter with exactly this manifest; {@code folder} appears whole or not at all. */
    public void pull(ImageReference image, Digest manifest, List<SecretReference> secrets, Path folder) {
        try (ImageStore store = stores.forPull(image, Optional.of(manifest), secrets)) {
            new AdapterDownload(store).pull(image, manifest, folder);
        }
    }

    /**
     * Copies the files of one folder of any image: data, or a model's weights.
     *
     * @param inside the folder of the image, e.g. {@code /data}
     * @param target an empty folder
     */
    public void copy(ImageReference image, List<SecretReference> secrets, String inside, Path target) {
        String prefix = inside.replaceFirst("^/+", "").replaceFirst("/*$", "/");
        try (ImageStore store = stores.forPull(image, image.digest(), secrets)) {
            inScratch(work -> {
                new ImageContents(store).copy(image, prefix, work, target);
                return target;
            });
        }
    }

    private PushedImage push(AdapterArtifact adapter, String baseModel, ImageReference image, ImageStore store) {
        return inScratch(work -> {
            AdapterImage built = AdapterImage.build(Path.of(adapter.path()), baseModel, work.resolve("layer.tar"));
            store.push(image, built);
            Path back = work.resolve("back");
            new AdapterDownload(store).pull(image, built.digest(), back);
            compare(adapter, Sha256.of(back.resolve(AdapterFiles.WEIGHTS)), image);
            return new PushedImage(image, built.digest(), store.location(image));
        });
    }

    private static void compare(AdapterArtifact trained, Digest pulled, ImageReference image) {
        if (!trained.digest().equals(pulled)) {
            throw new ImageException.Corrupt("The adapter in " + image + " has digest " + pulled + " but "
                    + trained.digest() + " was trained; " + trained.path() + " was changed after training.");
        }
    }

    private interface Work<T> {
        T in(Path folder) throws IOException;
    }

    private <T> T inScratch(Work<T> task) {
        try {
            Files.createDirectories(scratch);
            Path folder = Files.createTempDirectory(scratch, "image-");
            try {
                return task.in(folder);
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException cause) {
            throw ImageException.ofFile("Working on an image in " + scratch, cause);
        }
    }
}
