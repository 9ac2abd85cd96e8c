package io.kaitoflow.activities.rollout.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {

    @TempDir
    private Path home;

    @Test
    void jarsAloneGetAnArchiveInTheHome() {
        assertThat(flags("a.jar" + File.pathSeparator + "b.jar"))
                .contains("-XX:+AutoCreateSharedArchive")
                .contains("-XX:SharedArchiveFile=" + home.resolve("server-classes.jsa"));
    }

    @Test
    void aFolderOnTheClassPathMeansNoArchive() {
        assertThat(flags("a.jar" + File.pathSeparator + home)).isEmpty();
    }

    @Test
    void theFirstChildThatEndsLeavesIt() throws IOException {
        ClassArchive archive = new ClassArchive("a.jar", home);
        assertThat(archive.missing("server")).isTrue();
        Files.createFile(home.resolve("server-classes.jsa"));
        assertThat(archive.missing("server")).isFalse();
        assertThat(new ClassArchive(home.toString(), home).missing("tuner")).isFalse();
    }

    private List<String> flags(String classPath) {
        return new ClassArchive(classPath, home).flags("server");
    }
}
