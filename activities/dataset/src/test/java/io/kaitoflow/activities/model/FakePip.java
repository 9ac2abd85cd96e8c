package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A program in the place of Python that does what a line of shell says and writes down how it was called. */
final class FakePip {

    private final Path folder;

    FakePip(Path folder) {
        this.folder = folder;
    }

    /** @param body shell; {@code $D} is the folder of {@code -d}, {@code $N} the number of this call */
    List<String> doing(String body) throws IOException {
        Path script = folder.resolve("pip.sh");
        Files.writeString(script, """
                echo "$@" >> "%s"
                N=$(wc -l < "%s")
                while [ "$1" != "-d" ]; do shift; done
                D=$2
                %s
                """.formatted(calls(), calls(), body));
        return List.of("/bin/sh", script.toString());
    }

    /** The command lines so far. */
    List<String> commandLines() throws IOException {
        return Files.exists(calls()) ? Files.readAllLines(calls()) : List.of();
    }

    private Path calls() {
        return folder.resolve("pip.calls");
    }

    /** A zip with one file. */
    static Path wheel(Path file, String member, String content) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(member));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return file;
    }

    static Digest digest(byte[] bytes) {
        return Digest.ofSha256(Hashing.sha256().digest(bytes));
    }

    static Digest digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
