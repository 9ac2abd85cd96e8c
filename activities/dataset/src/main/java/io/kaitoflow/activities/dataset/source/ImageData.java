package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.DatasetSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Data taken out of images, unpacked once for each digest that a tag stands for. */
final class ImageData {

    private final Path home;
    private final ImageFolders images;
    private final ImageTags tags;
    private final ProgressListener listener;
    private final List<String> notes = new ArrayList<>();

    /** @param home takes a folder for each image, and the digest of what is in it */
    ImageData(Path home, ImageFolders images, ImageTags tags, ProgressListener listener) {
        this.home = home;
        this.images = images;
        this.tags = tags;
        this.listener = listener;
    }

    /** What the user should know of what was fetched. */
    List<String> notes() {
        return notes;
    }

    /** The folder with the image's data. */
    Path fetch(DatasetSource.OciImage source, Freshness freshness) throws IOException {
        String name = source.image().toString().replaceAll("[^A-Za-z0-9.]", "_");
        Path folder = home.resolve(name);
        Path note = home.resolve("." + name + ".digest");
        boolean isThere = Files.exists(folder);
        if (isThere && freshness == Freshness.KEPT) {
            return folder;
        }
        Optional<Digest> newest = newest(source, isThere);
        if (newest.isPresent() && !(isThere && holds(note, newest.get()))) {
            unpack(source, newest.get(), folder, note);
        }
        return folder;
    }

    private static boolean holds(Path note, Digest digest) throws IOException {
        return Files.exists(note) && Files.readString(note).equals(digest.value());
    }

    /** Absent where no registry answers and what is here has to do. */
    private Optional<Digest> newest(DatasetSource.OciImage source, boolean isThere) {
        try {
            return Optional.of(tags.resolve(source.image(), source.pullSecrets()));
        } catch (RuntimeException answer) {
            boolean silent = answer instanceof Classified known && known.kind() == FailureKind.REGISTRY_UNAVAILABLE;
            if (!isThere || !silent) {
                throw answer;
            }
            notes.add("Whether " + source.image()
                    + " holds other data by now is not known, and the copy that is here is used: "
                    + answer.getMessage());
            return Optional.empty();
        }
    }

    private void unpack(DatasetSource.OciImage source, Digest digest, Path folder, Path note) throws IOException {
        Path staging = folder.resolveSibling("." + folder.getFileName() + ".staging");
        Folders.delete(staging);
        Files.createDirectories(staging);
        images.copy(source.image().withDigest(digest), source.pullSecrets(), "/data", staging, listener);
        Files.deleteIfExists(note);
        Folders.delete(folder);
        Files.move(staging, folder);
        Files.writeString(note, digest.value());
    }
}
