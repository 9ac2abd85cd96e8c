package io.kaitoflow.inference.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that appears whole or not at all: written beside its target, synced, and renamed over it. */
final class WholeFile {

    private static final System.Logger LOG = System.getLogger(WholeFile.class.getName());
    private static final long CHUNK_BYTES = 1L << 30;

    private final FileChannel channel;
    private long position;

    private WholeFile(FileChannel channel) {
        this.channel = channel;
    }

    /** What is written. */
    interface Content {
        void to(WholeFile file) throws IOException;
    }

    /** @throws WeightFileException.Unwritable if the system refuses; the target is then as before */
    static void write(Path target, Content content) {
        Path folder = target.toAbsolutePath().normalize().getParent();
        Path temporary = target.resolveSibling(target.getFileName() + ".partial");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                content.to(new WholeFile(channel));
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (folder != null) {
                sync(folder);
            }
        } catch (IOException e) {
            throw new WeightFileException.Unwritable(
                    "Cannot write " + target + ": " + e + ". Make room on the disk or choose a writable folder.", e);
        } finally {
            deleteQuietly(temporary);
        }
    }

    void add(ByteBuffer buffer) throws IOException {
        position += buffer.remaining();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    void add(MemorySegment bytes) throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += CHUNK_BYTES) {
            add(bytes.asSlice(at, Math.min(CHUNK_BYTES, bytes.byteSize() - at)).asByteBuffer());
        }
    }

    /** Zeros up to the next multiple of {@code alignment}. */
    void pad(int alignment) throws IOException {
        add(ByteBuffer.allocate((int) (Math.ceilDiv(position, alignment) * alignment - position)));
    }

    /** Makes the rename itself durable; without it a power cut may bring the old name back. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Once renamed there is nothing to delete; what cannot be deleted either is named by the failure before. */
    private static void deleteQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException stays) {
            LOG.log(System.Logger.Level.WARNING, "{0} is left over", path);
        }
    }
}
