package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

    @TempDir
    private Path folder;

    @Test
    void questionsThatCannotBeReadStartNothing() {
        Path home = folder.resolve("home");

        Invocation run = Invocation.of(
                "run",
                "../../helm/examples/tune-smollm2.yaml",
                "--questions",
                folder.resolve("typo"),
                "--port",
                0,
                "--home",
                home);

        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("typo");
        assertThat(new LocalHome(home).workspaces()).doesNotExist();
    }

    @Test
    void aMinimumForAModelThatNobodyServesStartsNothing() throws IOException {
        String yaml = Manifests.tuning("rows", Map.of("train.jsonl", "{}"))
                .replace(
                        "name: try-it\nres",
                        "name: try-it\n  annotations: {kaito.sh/serve-after-tuning: \"false\"}\nres");
        Path tuning = Files.writeString(folder.resolve("w.yaml"), yaml);

        Invocation run = Invocation.of("run", tuning, "--minimum-score", 1, "--port", 0, "--home", folder);

        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--minimum-score needs a workspace that serves");
    }
}
