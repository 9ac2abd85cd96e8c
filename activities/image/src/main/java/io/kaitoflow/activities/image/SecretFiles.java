package io.kaitoflow.activities.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads files whose content must not be quoted. */
final class SecretFiles {

    private SecretFiles() {}

    static Optional<byte[]> read(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException cause) {
            throw ImageException.ofFile("Reading registry credentials from " + file, cause);
        }
    }
}
