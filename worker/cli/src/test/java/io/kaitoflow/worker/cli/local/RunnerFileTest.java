package io.kaitoflow.worker.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerFileTest {

    private static final WorkspaceId ID = new WorkspaceId("default", "one", "uid");

    @TempDir
    private Path folder;

    @Test
    void aSecondCommandIsRefusedWithTheProcessThatRunsTheWorkspace() {
        new RunnerFile(folder).claim(ID);

        assertThatThrownBy(() -> new RunnerFile(folder).claim(ID))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("default/one is already run by process "
                        + ProcessHandle.current().pid());
    }

    @Test
    void ofTwoCommandsThatAreStartedTogetherOneIsRefused() throws IOException {
        try (FileChannel other = FileChannel.open(
                        folder.resolve("runner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = other.lock()) {
            assertThatThrownBy(() -> new RunnerFile(folder).claim(ID))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("default/one is being started by another command");
        }
        assertThat(folder.resolve("runner")).doesNotExist();
    }

    @Test
    void aWorkspaceKeepsItsQueueUntilItIsForgottenAndSharesItWithNoOtherHome(@TempDir Path another) {
        String queue = new RunnerFile(folder).queue(ID);

        assertThat(queue).startsWith("kaitoflow-local/default/one/");
        assertThat(new RunnerFile(folder).queue(ID)).isEqualTo(queue);
        assertThat(new RunnerFile(another).queue(ID)).isNotEqualTo(queue);
    }

    @Test
    void aProcessThatOnlyHasTheSameNumberIsNotTheRunner() throws IOException {
        Files.writeString(folder.resolve("runner"), ProcessHandle.current().pid() + " 2001-01-01T00:00:00Z");

        new RunnerFile(folder).endRunner();
        new RunnerFile(folder).claim(ID);

        assertThat(folder.resolve("runner"))
                .content()
                .doesNotContain("2001")
                .startsWith(String.valueOf(ProcessHandle.current().pid()));
    }
}
