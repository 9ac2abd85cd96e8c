package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedModelFilesTest {

    @TempDir
    private Path folder;

    @Test
    void aModelOnDiskIsServedAsItIs() throws IOException {
        Path file = Files.createFile(folder.resolve("own.gguf"));

        assertThat(files().model(file.toString())).containsExactly("--model", file.toString());
    }

    @Test
    void aWordThatIsNoModelIsRefusedWithTheNearestName() {
        assertThatThrownBy(() -> files().model("smollm2-135m-instrukt"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("smollm2-135m-instruct");
        assertThat(ServedModelFiles.isKnown("smollm2-135m-instrukt")).isFalse();
        assertThat(ServedModelFiles.isKnown("smollm2-135m-instruct")).isTrue();
    }

    @Test
    void anAdapterHasTheNameItIsGivenElseTheOneOfItsFolder() throws IOException {
        Path adapter = Files.createDirectories(folder.resolve("facts"));

        assertThat(files().adapter("tuned=" + adapter)).containsExactly("--adapter", "tuned=" + adapter);
        assertThat(files().adapter(adapter.toString())).containsExactly("--adapter", "facts=" + adapter);
        assertThat(ServedModelFiles.plainName("registry.example.com:5000/team/facts:0.1"))
                .isEqualTo("facts");
    }

    @Test
    void aFolderThatIsNotThereIsAWrongCommandLineAndLookedForNowhereElse() {
        for (String missing : List.of("./missing", "adapters/tuned")) {
            assertThatThrownBy(() -> files().adapter(missing))
                    .isInstanceOfSatisfying(
                            CommandFailure.class,
                            wrong -> assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE))
                    .hasMessageStartingWith("There is no folder " + missing + " here");
        }
    }

    private ServedModelFiles files() {
        return new ServedModelFiles(new LocalHome(folder));
    }
}
