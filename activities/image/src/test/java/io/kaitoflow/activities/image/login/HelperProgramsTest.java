package io.kaitoflow.activities.image.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelperProgramsTest {

    @TempDir
    Path folder;

    private HelperPrograms helpers() {
        return HelperPrograms.on("/nowhere:" + folder);
    }

    /** Says {@code line} with the server that it read, and ends with {@code status}. */
    private void program(String line, int status) throws IOException {
        Path file = folder.resolve("docker-credential-fake");
        Files.writeString(
                file,
                "#!/bin/sh\n[ \"$*\" = get ] || exit 9\nserver=$(cat)\necho \"" + line + "\"\nexit " + status + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void theLoginIsWhatTheProgramAnswersForTheServer() throws IOException {
        program(
                "{\\\"ServerURL\\\":\\\"$server\\\",\\\"Username\\\":\\\"ada\\\",\\\"Secret\\\":\\\"of $server\\\"}",
                0);

        assertThat(helpers().get("fake", "ghcr.io"))
                .contains(new Credential("ada", "of ghcr.io", "docker-credential-fake"));
    }

    @Test
    void aProgramThatKeepsNoLoginThereSaysSo() throws IOException {
        program("credentials not found in native keychain", 1);

        assertThat(helpers().get("fake", "ghcr.io")).isEmpty();
    }

    @Test
    void aProgramThatFailsIsNamedAndWhatItSaidIsNot() throws IOException {
        program("the secret is hunter2", 3);

        assertThatThrownBy(() -> helpers().get("fake", "ghcr.io"))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessageContainingAll("docker-credential-fake", "ghcr.io", "status 3", "log in again")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void anotherAnswerThanALoginIsNotQuoted() throws IOException {
        program("hunter2", 0);

        assertThatThrownBy(() -> helpers().get("fake", "ghcr.io"))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessageContaining("not the expected JSON")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aProgramThatIsNotThereIsNamedWithTheCure() {
        assertThatThrownBy(() -> helpers().get("desktop", "ghcr.io"))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessageContainingAll("docker-credential-desktop", "ghcr.io", "not on the PATH", "install it");
    }

    @Test
    void aNameThatLeavesTheFolderIsNoProgram() throws IOException {
        program("{}", 0);

        assertThatThrownBy(() -> helpers().get("../docker-credential-fake", "ghcr.io"))
                .isInstanceOf(ImageException.Denied.class);
    }
}
