package io.kaitoflow.activities.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Takes the plain files of one folder out of a layer. A name that leaves the folder, a link or a device is refused, not
 * skipped: neither an adapter nor a model nor rows have use for one.
 */
public final class LayerUnpacker {

    private final String image;
    private final String inside;
    private final Path folder;

    /**
     * @param image only for messages
     * @param inside the folder of the image, ending with a slash, e.g. {@code data/}
     * @param folder takes the files
     */
    public LayerUnpacker(String image, String inside, Path folder) {
        this.image = image;
        this.inside = inside;
        this.folder = folder.toAbsolutePath().normalize();
    }

    void unpack(Blob layer) throws IOException {
        String mediaType = layer.descriptor().mediaType();
        if (!MediaTypes.readableLayer(mediaType)) {
            throw refused("a layer of type " + mediaType + ", and only tar and gzip can be read");
        }
        try (InputStream in = new BufferedInputStream(layer.open(), 1 << 20);
                InputStream plain = MediaTypes.compressed(mediaType) ? new GZIPInputStream(in, 1 << 16) : in) {
            unpack(plain);
        }
    }

    /** @param plain a tar; stays the caller's */
    public void unpack(InputStream plain) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(plain);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            unpack(entry, tar);
        }
    }

    private void unpack(TarArchiveEntry entry, InputStream content) throws IOException {
        Optional<Path> target = target(entry.getName());
        if (target.isEmpty()) {
            return;
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target.get());
        } else if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
            Files.createDirectories(target.get().getParent());
            Files.deleteIfExists(target.get());
            Files.copy(content, target.get());
        } else {
            throw refused("\"" + entry.getName() + "\", which is neither a file nor a folder");
        }
    }

    /** Where an entry goes; empty for entries outside the folder, which belong to somebody's base image. */
    private Optional<Path> target(String name) {
        String relative = name.replaceFirst("^(\\./|/)+", "");
        if (Path.of(relative).normalize().startsWith("..")) {
            throw refused("\"" + name + "\", which leaves the image's folder");
        }
        if (!relative.startsWith(inside)) {
            return Optional.empty();
        }
        Path target = folder.resolve(relative.substring(inside.length())).normalize();
        if (!target.startsWith(folder)) {
            throw refused("\"" + name + "\", which leaves the image's folder");
        }
        return Optional.of(target);
    }

    private ImageException refused(String what) {
        return new ImageException.NotAnAdapter("Unpacking " + image + " was refused: it holds " + what + ".");
    }
}
