package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.FileKind;
import io.kaitoflow.workflows.request.DataRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A folder, or one file, on this machine that holds data.
 *
 * @param root the folder or file
 * @param label what messages call it
 */
record DataFolder(Path root, String label) {

    /** Where volumes are mounted in the tuner's pod; recipes name files by it. */
    private static final String MOUNT = "/mnt/data";

    private static final int HEAD_BYTES = 512;
    private static final int NAMES_SHOWN = 10;

    /**
     * The data files that the recipe picks, in the order of their names.
     *
     * @throws DatasetException.Invalid when there are none, saying what there is, and when some are compressed
     */
    List<DataFile> files(DataRecipe recipe) throws IOException {
        Path start = start(recipe);
        boolean isFolder = Files.isDirectory(start);
        List<Path> present = isFolder ? visible(start) : List.of(start);
        requireUnpacked(present, recipe);
        List<DataFile> files = present.stream()
                .flatMap(path -> (isFolder ? byName(path) : dataFile(path, name(path), recipe)).stream())
                .filter(file -> isWanted(file.kind(), recipe))
                .toList();
        if (files.isEmpty()) {
            throw new DatasetException.Invalid(
                    "There is no " + recipe.extension().orElse("data") + " file in " + label + "; it holds "
                            + names(present) + ". Data files are "
                            + FileKind.ACCEPTED + ".");
        }
        return files;
    }

    /** Left out in silence, they would be missing from what is learnt. */
    private void requireUnpacked(List<Path> present, DataRecipe recipe) {
        for (Path path : present) {
            if (Compression.packed(name(path))
                    .filter(kind -> isWanted(kind, recipe))
                    .isPresent()) {
                throw new DatasetException.Invalid(name(path) + " in " + label
                        + " is compressed, and compressed files are not read; unpack it, or name the file or folder to"
                        + " train on as dataset_path.");
            }
        }
    }

    private Path start(DataRecipe recipe) throws IOException {
        if (!Files.exists(root)) {
            throw new DatasetException.Invalid("There is nothing at " + root + ", where " + label + " should be.");
        }
        if (recipe.path().isEmpty()) {
            return root;
        }
        String path = recipe.path().get();
        String relative = path.startsWith(MOUNT + "/") ? path.substring(MOUNT.length() + 1) : path;
        Path start = root.resolve(relative).normalize();
        if (!start.startsWith(root.normalize())) {
            throw new DatasetException.Refused("dataset_path " + path + " lies outside " + label + ".");
        }
        if (!Files.exists(start)) {
            throw new DatasetException.Invalid("There is no " + relative + " in " + label + "; it holds "
                    + names(Files.isDirectory(root) ? visible(root) : List.of(root)) + ".");
        }
        return start;
    }

    /** Kubernetes keeps the versions of a ConfigMap's keys in hidden folders. */
    private static List<Path> visible(Path folder) throws IOException {
        return Folders.files(folder).stream()
                .filter(path -> !folder.relativize(path).toString().startsWith(".")
                        && !folder.relativize(path).toString().contains("/."))
                .toList();
    }

    private String name(Path path) {
        String inside = root.relativize(path).toString();
        return inside.isEmpty() ? String.valueOf(root.getFileName()) : inside;
    }

    private String names(List<Path> paths) {
        if (paths.isEmpty()) {
            return "no files";
        }
        String shown = paths.stream().limit(NAMES_SHOWN).map(this::name).collect(Collectors.joining(", "));
        return paths.size() > NAMES_SHOWN ? shown + " and " + (paths.size() - NAMES_SHOWN) + " more" : shown;
    }

    /** Among other files a name decides alone: a licence or a script is no data, whatever it begins with. */
    private Optional<DataFile> byName(Path path) {
        Optional<FileKind> kind = FileKind.ofName(name(path));
        if (kind.isPresent()) {
            Compression.requireNone(name(path), head(path));
        }
        return kind.map(known -> new DataFile(path, name(path), known));
    }

    private static boolean isWanted(FileKind kind, DataRecipe recipe) {
        return recipe.extension().isEmpty()
                || FileKind.ofName("." + recipe.extension().get()).stream().anyMatch(kind::equals);
    }

    /** A file that was pointed at: by its name, else by its first bytes, else as the recipe says. */
    static Optional<DataFile> dataFile(Path path, String name, DataRecipe recipe) {
        byte[] head = head(path);
        Compression.requireNone(name, head);
        return FileKind.ofName(name)
                .or(() -> FileKind.ofContent(head))
                .or(() -> recipe.extension().flatMap(extension -> FileKind.ofName("." + extension)))
                .map(kind -> new DataFile(path, name, kind));
    }

    private static byte[] head(Path path) {
        try (InputStream bytes = Files.newInputStream(path)) {
            return bytes.readNBytes(HEAD_BYTES);
        } catch (IOException e) {
            throw new DatasetException.Unavailable(path + " cannot be read: " + e + ".", e);
        }
    }
}
