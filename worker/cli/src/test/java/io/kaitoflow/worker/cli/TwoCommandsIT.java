package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.reconcile.TemporalGateway;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalServer;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.api.history.v1.HistoryEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Temporal server that a cluster has its runs on, and two commands at once. */
class TwoCommandsIT {

    private static final Path BINARY = Path.of(System.getProperty("user.home"), ".kaitoflow", "bin", "temporal");
    private static final WorkspaceId CLUSTERS = new WorkspaceId("default", "theirs", "3f7a");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init") // started before each test
    private TemporalServer server;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private TemporalConnection connection;

    @BeforeEach
    void start() {
        server = TemporalServer.dev(BINARY, folder.resolve("temporal"));
        connection = TemporalConnection.open(server.address());
        var unused = OpenRuns.start(connection, CLUSTERS, TaskQueues.CONTROL);
    }

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    @Test
    void eachDoesItsOwnWorkAndNeitherTheClusters() throws Exception {
        Process first = run("first");
        Process second = run("second");

        assertThat(first.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).exitValue())
                .isEqualTo(ExitCode.REFUSED);
        assertThat(second.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).exitValue())
                .isEqualTo(ExitCode.REFUSED);

        assertThat(workers(idOf("first"))).allMatch(worker -> worker.contains("@" + first.pid() + "@"));
        assertThat(workers(idOf("second"))).allMatch(worker -> worker.contains("@" + second.pid() + "@"));
        assertThat(workers(CLUSTERS)).isEmpty();
    }

    @Test
    void aClusterCountsNoRunOfACommandAsItsOwn() throws InterruptedException {
        WorkspaceId ours = new WorkspaceId("default", "ours", "77aa");
        var unused = OpenRuns.start(connection, ours, TaskQueues.local(ours, "1f8e03ab"));
        TemporalGateway cluster = new TemporalGateway(connection, false);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (cluster.openRunsOfAll().size() < 2 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(100);
        }

        assertThat(cluster.openRunsOfAll()).isEqualTo(Set.of(CLUSTERS.workflowId(), ours.workflowId()));
        assertThat(cluster.openRuns()).containsExactly(CLUSTERS.workflowId());
    }

    private WorkspaceId idOf(String name) {
        return new StatusFile(home()).find("default", name).orElseThrow().id();
    }

    private LocalHome home() {
        return new LocalHome(folder.resolve("home"));
    }

    /** Behind a proxy that nobody runs, so that it ends with its look at the model. */
    private Process run(String name) throws IOException {
        Path file = Files.writeString(
                folder.resolve(name + ".yaml"),
                Manifests.serving("phi-4-mini-instruct").replace("try-it", name));
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ManagementFactory.getRuntimeMXBean().getClassPath(),
                KaitoflowCommand.class.getName(),
                "run",
                file.toString(),
                "--temporal",
                server.address().target(),
                "--port",
                "0",
                "--home",
                home().root().toString());
        command.environment().put("KAITOFLOW_PROXY", "http://127.0.0.1:9");
        return command.redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
    }

    /** Who took tasks of the run. */
    private List<String> workers(WorkspaceId id) {
        return connection.client().fetchHistory(id.workflowId()).getEvents().stream()
                .filter(event ->
                        event.hasWorkflowTaskStartedEventAttributes() || event.hasActivityTaskStartedEventAttributes())
                .map(TwoCommandsIT::worker)
                .toList();
    }

    private static String worker(HistoryEvent event) {
        return event.hasWorkflowTaskStartedEventAttributes()
                ? event.getWorkflowTaskStartedEventAttributes().getIdentity()
                : event.getActivityTaskStartedEventAttributes().getIdentity();
    }
}
