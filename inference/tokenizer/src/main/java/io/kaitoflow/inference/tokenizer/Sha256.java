package io.kaitoflow.inference.tokenizer;

import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** SHA-256 over texts and files. */
final class Sha256 {

    private static final int BUFFER_BYTES = 1 << 20;

    private Sha256() {}

    static Digest ofFiles(List<Path> files) {
        if (files.size() == 1) {
            return ofFile(files.getFirst());
        }
        StringBuilder lines = new StringBuilder();
        for (Path file : files) {
            lines.append(ofFile(file).hex())
                    .append("  ")
                    .append(file.getFileName())
                    .append('\n');
        }
        return ofText(lines.toString());
    }

    static Digest ofText(String text) {
        return Digest.ofSha256(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Digest ofFile(Path file) {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new TokenizerException.Missing(
                    "Cannot read " + file + ": " + e + ". Check its permissions and the disk.", e);
        }
        return Digest.ofSha256(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
