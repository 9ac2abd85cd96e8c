package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.files.FetchLock;
import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.presets.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;

/**
 * The small files of a model on the hub, in a folder of their own that is whole or not there.
 *
 * @param folder where they are kept
 * @param hub where they come from
 */
record TokenizerFetch(Path folder, HubFetch hub) {

    /** Whether they are there now; not where the tokenizer is in the weights' own file. */
    boolean fetch(ModelSource.Hub source, ProgressListener listener) throws IOException {
        Path cache = Files.createDirectories(Objects.requireNonNull(folder.getParent()));
        Path lock = cache.resolve(folder.getFileName() + ".lock");
        try (FetchLock _ = FetchLock.acquire(lock, String.valueOf(folder.getFileName()), listener)) {
            Optional<ModelManifest> here = ModelManifest.read(folder);
            return (here.isPresent() && here.get().isIntact(folder, listener)) || fetchInto(source);
        }
    }

    private boolean fetchInto(ModelSource.Hub source) throws IOException {
        Path staging = new ModelFolder(folder).staging();
        Folders.delete(staging);
        Files.createDirectories(staging);
        Optional<ModelManifest> fetched = hub.fetchTokenizer(source, staging);
        if (fetched.isEmpty()) {
            return false;
        }
        fetched.get().write(staging);
        Folders.force(staging);
        Folders.delete(folder);
        Files.move(staging, folder, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }
}
