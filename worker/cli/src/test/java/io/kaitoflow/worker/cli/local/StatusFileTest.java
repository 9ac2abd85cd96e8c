package io.kaitoflow.worker.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.worker.cli.Snapshots;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFileTest {

    @TempDir
    private Path folder;

    private StatusFile status;

    @BeforeEach
    void home() {
        status = new StatusFile(new LocalHome(folder));
    }

    @Test
    void whatWasPublishedIsRead() {
        WorkspaceSnapshot serving = Snapshots.serving("one", "http://127.0.0.1:5000");
        WorkspaceSnapshot failed = Snapshots.failed("two", "Row 3 has no role.");
        status.publish(failed);
        status.publish(serving);

        assertThat(status.find("default", "one")).contains(serving);
        assertThat(status.all()).containsExactly(serving, failed);
    }

    @Test
    void theNewestStatusReplacesTheOneBeforeAndLeavesNothingElse() throws IOException {
        WorkspaceSnapshot newest = Snapshots.serving("one", "http://127.0.0.1:5001");
        status.publish(Snapshots.failed("one", "Row 3 has no role."));
        status.publish(newest);

        assertThat(status.find("default", "one")).contains(newest);
        try (Stream<Path> files = Files.list(folder.resolve("workspaces/default/one"))) {
            assertThat(files).singleElement().satisfies(file -> assertThat(file).hasFileName("status.json"));
        }
    }

    @Test
    void aHomeWithoutWorkspacesHasNoStatus() {
        assertThat(status.all()).isEmpty();
        assertThat(status.find("default", "one")).isEmpty();
    }
}
