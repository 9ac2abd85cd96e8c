package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalServer;
import io.kaitoflow.worker.cli.local.RunKeeper;
import io.kaitoflow.worker.cli.local.RunnerFile;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.control.WorkspaceClient;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeleteCommandTest {

    @TempDir
    private Path home;

    @Test
    void forgetsTheWorkspaceAndItsObjectsAndKeepsModelsImagesAndVolumes() throws IOException {
        LocalHome local = new LocalHome(home);
        WorkspaceSnapshot one = Snapshots.serving("one", "http://127.0.0.1:5000");
        new StatusFile(local).publish(one);
        Path secret = local.objects(one.id().uid()).secret("registry-push");
        Files.createDirectories(secret);
        Files.writeString(secret.resolve("key"), "value");
        Files.createDirectories(local.models());
        Files.createDirectories(local.images());
        Path results = local.objects(one.id().uid()).volume(new VolumeReference.Claim("results"));

        Invocation delete = Invocation.of("delete", "one", "--home", home);

        assertThat(delete.exit()).isEqualTo(ExitCode.OK);
        assertThat(delete.out()).contains("Workspace default/one is gone");
        assertThat(secret).doesNotExist();
        assertThat(local.workspace(one.id())).doesNotExist();
        assertThat(local.models()).exists();
        assertThat(local.images()).exists();
        assertThat(results).exists();
    }

    @Test
    void aRunWhoseCommandWasKilledIsEndedAtItsServer() {
        LocalHome local = new LocalHome(home);
        WorkspaceId id = published(local);
        try (TemporalServer server = TemporalServer.inProcess();
                TemporalConnection connection = TemporalConnection.open(server.address())) {
            RunnerFile runner = new RunnerFile(local.workspace(id));
            runner.reachedBy(server.address(), RunKeeper.GIVEN);
            OpenRuns.start(connection, id, runner.queue(id));

            Invocation delete = Invocation.of("delete", "one", "--home", home);

            assertThat(delete.err()).isEmpty();
            assertThat(new WorkspaceClient(connection, false).running(id)).isFalse();
            assertThat(local.workspace(id)).doesNotExist();
        }
    }

    @Test
    void aRunWhoseServerDoesNotAnswerIsNotForgotten() {
        LocalHome local = new LocalHome(home);
        WorkspaceId id = published(local);
        new RunnerFile(local.workspace(id)).reachedBy(TemporalAddress.of("127.0.0.1:1"), RunKeeper.GIVEN);

        Invocation delete = Invocation.of("delete", "one", "--home", home);

        assertThat(delete.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(delete.err())
                .contains("The run of default/one is kept by a server that does not answer", "127.0.0.1:1");
        assertThat(local.workspace(id)).exists();
    }

    @Test
    void aRunThatEndedWithItsCommandIsForgotten() {
        LocalHome local = new LocalHome(home);
        WorkspaceId id = published(local);
        new RunnerFile(local.workspace(id)).reachedBy(TemporalAddress.of("127.0.0.1:1"), RunKeeper.COMMAND);

        assertThat(Invocation.of("delete", "one", "--home", home).exit()).isEqualTo(ExitCode.OK);
        assertThat(local.workspace(id)).doesNotExist();
    }

    private static WorkspaceId published(LocalHome local) {
        WorkspaceSnapshot one = Snapshots.serving("one", "http://127.0.0.1:5000");
        new StatusFile(local).publish(one);
        return one.id();
    }

    @Test
    void aWorkspaceThatIsNotThereIsRefused() {
        Invocation delete = Invocation.of("delete", "one", "--home", home);

        assertThat(delete.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(delete.err()).contains("There is no workspace default/one here");
    }
}
