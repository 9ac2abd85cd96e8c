package io.kaitoflow.activities.image.parking;

import io.kaitoflow.activities.image.AdapterFiles;
import io.kaitoflow.activities.image.Folders;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.LayerUnpacker;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A volume that keeps one adapter, in a folder with the name of its weights' digest; it is there when its folder is.
 *
 * @param root of the volume
 */
public record ParkedFolder(Path root) {

    private static final String FRESH = ".fresh";
    private static final String KEPT = "[0-9a-f]{64}";

    /** Where the adapter with these weights lies, once it does. */
    public Path of(Digest weights) {
        return root.resolve(weights.hex());
    }

    public boolean holds(Digest weights) {
        return Files.isDirectory(of(weights));
    }

    /**
     * Takes the adapter with exactly these weights, and forgets any other. On the disk itself when this returns.
     *
     * @param tar stays the caller's
     * @throws ImageException.Corrupt when other weights come
     */
    public void take(InputStream tar, Digest weights) {
        Path fresh = root.resolve(FRESH);
        try {
            deleteIfThere(fresh);
            new LayerUnpacker("the parcel", AdapterFiles.FOLDER, Files.createDirectory(fresh)).unpack(tar);
            requireWhole(fresh, weights);
            forgetAll();
            Folders.replace(of(weights), fresh);
            force(root);
        } catch (IOException cause) {
            throw ImageException.ofFile("Taking the adapter into " + root, cause);
        }
    }

    private static void requireWhole(Path fresh, Digest weights) throws IOException {
        List<String> names = AdapterFiles.in(fresh);
        Digest came = Sha256.of(fresh.resolve(AdapterFiles.WEIGHTS));
        if (!came.equals(weights)) {
            Folders.delete(fresh);
            throw new ImageException.Corrupt("Weights " + came + " came where " + weights + " are waited for.");
        }
        for (String name : names) {
            force(fresh.resolve(name));
        }
        force(fresh);
    }

    /** What a volume's file system keeps for itself is left alone. */
    private void forgetAll() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            for (Path entry : entries.filter(ParkedFolder::isKept).toList()) {
                Folders.delete(entry);
            }
        }
    }

    private static boolean isKept(Path entry) {
        return String.valueOf(entry.getFileName()).matches(KEPT);
    }

    private static void deleteIfThere(Path folder) throws IOException {
        if (Files.exists(folder)) {
            Folders.delete(folder);
        }
    }

    /** Folders can be opened to be read alone. */
    private static void force(Path path) throws IOException {
        StandardOpenOption how = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
