package io.kaitoflow.activities.dataset.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/**
 * The bytes of a download that is not over yet, under another name than the whole file. A note beside it says which
 * version of the remote file they belong to (its entity tag), so that another process can go on where this one died.
 */
final class PartFile {

    private final Path target;
    private final Path part;
    private final Path note;

    PartFile(Path target) {
        this.target = target;
        this.part = target.resolveSibling("." + target.getFileName() + ".part");
        this.note = target.resolveSibling("." + target.getFileName() + ".part.etag");
    }

    Path folder() {
        return Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file has a folder");
    }

    /** Bytes that are there; 0 when they belong to no known version. */
    long resumableBytes() throws IOException {
        return version().isPresent() && Files.isRegularFile(part) ? Files.size(part) : 0;
    }

    /** The version that the bytes belong to. */
    Optional<String> version() throws IOException {
        return Files.isRegularFile(note) ? Optional.of(Files.readString(note)) : Optional.empty();
    }

    /** Drops what is there and starts at byte 0. */
    FileChannel start(Optional<String> version) throws IOException {
        Files.deleteIfExists(note);
        FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        if (version.isPresent()) {
            Files.writeString(note, version.get());
        }
        return channel;
    }

    FileChannel goOn() throws IOException {
        return FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Gives the file its real name; from now on it counts as whole. */
    void complete() throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(note);
    }

    void discard() throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(note);
    }
}
