package io.kaitoflow.activities.rollout.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Classes as an earlier run of a child laid them out, so that later ones start sooner. The JVM makes the file when the
 * process ends, makes it anew when it does not fit, and starts without it when it cannot.
 */
public record ClassArchive(String classPath, Path home) {

    /** Flags for a child that does what {@code label} says; none where an archive cannot be. */
    public List<String> flags(String label) {
        if (!possible()) {
            return List.of();
        }
        return List.of(
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + file(label),
                // The JVM would say at every start which of its checks it skips.
                "-Xlog:disable");
    }

    /** Whether a child that does what {@code label} says could leave an archive and none has yet. */
    public boolean missing(String label) {
        return possible() && !Files.exists(file(label));
    }

    /** With a folder on the class path the JVM cannot make the file, and ends with a status of its own. */
    private boolean possible() {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(classPath)
                .noneMatch(entry -> Files.isDirectory(Path.of(entry)));
    }

    private Path file(String label) {
        return home.resolve(label + "-classes.jsa");
    }
}
