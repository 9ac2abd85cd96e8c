package io.kaitoflow.activities.image;

import io.kaitoflow.presets.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes with their descriptor; can be read as often as needed. */
public sealed interface Blob {

    Descriptor descriptor();

    /** The caller closes it. */
    InputStream open() throws IOException;

    /** A small blob in memory. */
    record InMemory(Descriptor descriptor, byte[] content) implements Blob {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }
    }

    /** A large blob in a file that must stay until the blob is no longer used. */
    record InFile(Descriptor descriptor, Path file) implements Blob {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }
    }

    static InMemory of(String mediaType, byte[] content) {
        Digest digest = Digest.ofSha256(Sha256.start().digest(content));
        return new InMemory(new Descriptor(mediaType, digest, content.length), content);
    }

    /** @throws IOException when the file cannot be read */
    static InFile of(String mediaType, Path file) throws IOException {
        return new InFile(new Descriptor(mediaType, Sha256.of(file), Files.size(file)), file);
    }
}
