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
                .anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile=" + home.resolve("server-classes-")));
    }

    @Test
    void aFolderOnTheClassPathMeansNoArchive() {
        assertThat(flags("a.jar" + File.pathSeparator + home)).isEmpty();
    }

    @Test
    void theFirstChildThatEndsLeavesIt() throws IOException {
        ClassArchive archive = new ClassArchive("a.jar", home);
        assertThat(archive.missing("server")).isTrue();
        Files.createFile(file("a.jar"));
        assertThat(archive.missing("server")).isFalse();
        assertThat(new ClassArchive(home.toString(), home).missing("tuner")).isFalse();
    }

    @Test
    void jarsThatChangedGetAnotherOne() throws IOException {
        Path jar = Files.writeString(home.resolve("a.jar"), "as it was");
        Path before = Files.createFile(file(jar.toString()));
        Files.writeString(jar, "built anew");
        assertThat(file(jar.toString())).isNotEqualTo(before);
    }

    @Test
    void ofOlderOnesTheNewestStays() throws IOException {
        Path older = Files.createFile(home.resolve("server-classes-00000001.jsa"));
        Path newest = Files.createFile(home.resolve("server-classes-00000002.jsa"));
        Path tuners = Files.createFile(home.resolve("tuner-classes-00000001.jsa"));
        assertThat(older.toFile().setLastModified(1_000_000)).isTrue();
        assertThat(flags("a.jar")).isNotEmpty();
        assertThat(older).doesNotExist();
        assertThat(newest).exists();
        assertThat(tuners).exists();
    }

    private Path file(String classPath) {
        String flag = "-XX:SharedArchiveFile=";
        return flags(classPath).stream()
                .filter(given -> given.startsWith(flag))
                .map(given -> Path.of(given.substring(flag.length())))
                .findFirst()
                .orElseThrow();
    }

    private List<String> flags(String classPath) {
        return new ClassArchive(classPath, home).flags("server");
    }
}
