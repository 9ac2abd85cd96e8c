package io.kaitoflow.activities.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The mark of a whole model: what every file was when it was checked. A folder without it is never taken for a model.
 *
 * @param files relative to the folder that holds the mark
 */
record ModelManifest(List<Entry> files) {

    static final String FILE_NAME = "complete.json";

    private static final JsonMapper JSON = new JsonMapper();

    ModelManifest {
        files = List.copyOf(files);
    }

    /**
     * A checked file.
     *
     * @param path inside the model's folder
     * @param size in bytes
     * @param modifiedMillis since the epoch, when it was checked; a file with another time is checked again
     * @param digest of its bytes
     */
    record Entry(String path, long size, long modifiedMillis, Digest digest) {

        static Entry of(Path folder, String path, Digest digest) throws IOException {
            Path file = folder.resolve(path);
            return new Entry(path, Files.size(file), modified(file), digest);
        }

        boolean isIntact(Path folder, ProgressListener listener) throws IOException {
            Path file = folder.resolve(path);
            if (!Files.isRegularFile(file) || Files.size(file) != size) {
                return false;
            }
            return modified(file) == modifiedMillis
                    || Hashing.of(file, listener).equals(digest);
        }

        private static long modified(Path file) throws IOException {
            return Files.getLastModifiedTime(file).toMillis();
        }

        boolean isWeights() {
            return ModelManifest.isWeights(path);
        }
    }

    static boolean isWeights(String path) {
        return path.endsWith(".gguf") || path.endsWith(".safetensors");
    }

    /** Of everything that lies in a folder. */
    static ModelManifest of(Path folder, ProgressListener listener) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : Folders.files(folder)) {
            entries.add(Entry.of(folder, folder.relativize(file).toString(), Hashing.of(file, listener)));
        }
        return new ModelManifest(entries);
    }

    /** Empty where there is no mark, or one that cannot be read, which is as good as none. */
    static Optional<ModelManifest> read(Path folder) throws IOException {
        Path mark = folder.resolve(FILE_NAME);
        if (!Files.exists(mark)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(mark.toFile(), ModelManifest.class));
        } catch (JsonProcessingException unreadable) {
            return Optional.empty();
        }
    }

    void write(Path folder) throws IOException {
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(folder.resolve(FILE_NAME).toFile(), this);
    }

    boolean isIntact(Path folder, ProgressListener listener) throws IOException {
        for (Entry entry : files) {
            if (!entry.isIntact(folder, listener)) {
                return false;
            }
        }
        return true;
    }

    /** The model that these files are, once they lie in this folder. */
    FetchedModel model(Path folder) {
        List<Entry> weights = files.stream()
                .filter(Entry::isWeights)
                .sorted(Comparator.comparing(Entry::path))
                .toList();
        if (weights.isEmpty()) {
            throw new ModelException.Unavailable(
                    "There are no weights (*.safetensors or *.gguf) among the files.", null);
        }
        Entry first = weights.getFirst();
        if (weights.size() == 1) {
            boolean gguf = first.path().endsWith(".gguf");
            return new FetchedModel(gguf ? folder.resolve(first.path()) : folder, first.digest());
        }
        return new FetchedModel(folder, combined(weights));
    }

    /** Of the lines that {@code sha256sum} prints, as everywhere in this system. */
    private static Digest combined(List<Entry> weights) {
        MessageDigest hash = Hashing.sha256();
        for (Entry entry : weights) {
            String name = entry.path().substring(entry.path().lastIndexOf('/') + 1);
            hash.update((entry.digest().hex() + "  " + name + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return Digest.ofSha256(hash.digest());
    }
}
