package io.kaitoflow.activities.rollout.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classes as an earlier run of a child laid them out, so that later ones start sooner. The JVM makes the file when the
 * process ends, and starts without it when it cannot. It never makes one anew for jars that changed since, so that these
 * jars' sizes and times are in the file's name.
 */
public record ClassArchive(String classPath, Path home) {

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    /** Flags for a child that does what {@code label} says; none where an archive cannot be. */
    public List<String> flags(String label) {
        if (!possible()) {
            return List.of();
        }
        Path file = file(label);
        if (!Files.exists(file)) {
            forgetOlder(label);
        }
        return List.of(
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + file,
                // The JVM would say at every start which of its checks it skips.
                "-Xlog:disable");
    }

    /** Whether a child that does what {@code label} says could leave an archive and none has yet. */
    public boolean missing(String label) {
        return possible() && !Files.exists(file(label));
    }

    /** With a folder on the class path the JVM cannot make the file, and ends with a status of its own. */
    private boolean possible() {
        return entries().noneMatch(Files::isDirectory);
    }

    private Path file(String label) {
        CRC32C jars = new CRC32C();
        entries().map(ClassArchive::stamp).forEach(stamp -> jars.update(stamp.getBytes(StandardCharsets.UTF_8)));
        return home.resolve("%s-classes-%s.jsa".formatted(label, HexFormat.of().toHexDigits((int) jars.getValue())));
    }

    private static String stamp(Path jar) {
        return "%s %d %d\n".formatted(jar, jar.toFile().length(), jar.toFile().lastModified());
    }

    private Stream<Path> entries() {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(classPath)
                .map(Path::of);
    }

    /** All but the newest, which another installation with the same home may use. */
    private void forgetOlder(String label) {
        try (Stream<Path> files = Files.list(home)) {
            files.filter(file -> file.getFileName().toString().matches(label + "-classes.*\\.jsa"))
                    .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified())
                            .reversed())
                    .skip(1)
                    .forEach(ClassArchive::forget);
        } catch (IOException | UncheckedIOException unread) {
            LOG.debug("Older class archives stay in {}", home, unread);
        }
    }

    private static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
