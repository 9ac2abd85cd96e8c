package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalServer;
import io.kaitoflow.worker.cli.local.RunKeeper;
import io.kaitoflow.worker.cli.local.RunnerFile;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.control.WorkspaceClient;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command at a server where others have runs, too. */
class OwnQueueTest {

    private static final WorkspaceId CLUSTERS = new WorkspaceId("default", "theirs", "3f7a");

    @TempDir
    private Path folder;

    private final TemporalServer server = TemporalServer.inProcess();
    private final TemporalConnection connection = TemporalConnection.open(server.address());
    private final ProxySelector usual = ProxySelector.getDefault();

    /** Without a network a run ends with its look at the model. */
    @BeforeEach
    void cutOff() {
        ProxySelector.setDefault(new ThisMachineAlone());
    }

    @AfterEach
    void reconnect() {
        ProxySelector.setDefault(usual);
        connection.close();
        server.close();
    }

    @Test
    void aCommandTakesNothingOfTheClusterWhoseServerItIsGiven() throws IOException {
        OpenRuns.start(connection, CLUSTERS, TaskQueues.CONTROL);

        Invocation run = run();

        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(events(CLUSTERS.workflowId()))
                .doesNotContain(EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
                .hasSize(2);
    }

    @Test
    void aRunOfThisHomeThatAnEarlierReleaseLeftIsClosedAndAnotherGoesOn() throws IOException {
        run();
        WorkspaceSnapshot last =
                new StatusFile(home()).find("default", "try-it").orElseThrow();
        String left = OpenRuns.start(connection, last.id(), TaskQueues.CONTROL);
        new StatusFile(home()).publish(of(last.id(), left));

        Invocation run = run();

        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("Failed (MODEL_UNAVAILABLE)");
        assertThat(connection
                        .client()
                        .fetchHistory(last.id().workflowId(), left)
                        .getEvents())
                .extracting(HistoryEvent::getEventType)
                .contains(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED)
                .doesNotContain(EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED);
    }

    @Test
    void aRunThatAnotherHomeKeepsIsLeftToIt() throws IOException {
        run();
        WorkspaceId id =
                new StatusFile(home()).find("default", "try-it").orElseThrow().id();
        OpenRuns.start(connection, id, TaskQueues.local(id, "elsewhere"));

        Invocation run = run();

        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err())
                .contains(
                        "A run of workspace default/try-it is open at "
                                + server.address().target(),
                        "kaitoflow-local/default/try-it/elsewhere",
                        "Give this workspace another name");
        assertThat(new WorkspaceClient(connection, false).running(id)).isTrue();
    }

    @Test
    void aRunThatAnEarlierReleaseLeftIsDeletedThroughAQueueOfItsOwn() throws IOException {
        run();
        WorkspaceId id =
                new StatusFile(home()).find("default", "try-it").orElseThrow().id();
        String left = OpenRuns.start(connection, id, TaskQueues.CONTROL);
        new StatusFile(home()).publish(of(id, left));
        new RunnerFile(home().workspace(id)).reachedBy(server.address(), RunKeeper.GIVEN);

        Invocation delete = Invocation.of("delete", "try-it", "--home", home().root());

        assertThat(delete.err()).isEmpty();
        assertThat(new WorkspaceClient(connection, false).running(id)).isFalse();
        assertThat(events(id.workflowId())).contains(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
    }

    /** Whatever is elsewhere is behind a proxy that nobody runs. */
    private static final class ThisMachineAlone extends ProxySelector {

        @Override
        public List<Proxy> select(URI uri) {
            return "127.0.0.1".equals(uri.getHost())
                    ? List.of(Proxy.NO_PROXY)
                    : List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 1)));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // Nobody is there.
        }
    }

    private Invocation run() throws IOException {
        Path file = Files.writeString(folder.resolve("w.yaml"), Manifests.serving("phi-4-mini-instruct"));
        Invocation run = Invocation.of(
                "run", file, "--temporal", server.address().target(), "--port", 0, "--home", home().root());
        // A command's process ends with it, and this one does not.
        Files.deleteIfExists(home().workspaces().resolve("default/try-it/runner"));
        return run;
    }

    private LocalHome home() {
        return new LocalHome(folder.resolve("home"));
    }

    private List<EventType> events(String workflowId) {
        return connection.client().fetchHistory(workflowId).getEvents().stream()
                .map(HistoryEvent::getEventType)
                .toList();
    }

    private static WorkspaceSnapshot of(WorkspaceId id, String run) {
        return WorkspaceSnapshot.builder(id, "fingerprint", new Phase.Accepted())
                .runId(Optional.of(run))
                .build();
    }
}
