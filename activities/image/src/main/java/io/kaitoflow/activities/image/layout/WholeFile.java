package io.kaitoflow.activities.image.layout;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files that are never seen half-written, also not after a power cut. */
final class WholeFile {

    private WholeFile() {}

    static void write(Path target, byte[] content) throws IOException {
        write(target, new ByteArrayInputStream(content));
    }

    static void write(Path target, InputStream content) throws IOException {
        Path fresh = Files.createTempFile(target.getParent(), ".new-", "");
        try {
            Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
