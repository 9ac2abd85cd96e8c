package io.kaitoflow.activities.rollout.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRolloutTest {

    private static final WorkspaceId ID = new WorkspaceId("default", "w", "uid-1");

    @TempDir
    private Path folder = Path.of("");

    private Optional<LocalRollout> last = Optional.empty();

    @AfterEach
    void retire() {
        last.ifPresent(rollout -> rollout.retire(ID));
    }

    @Test
    void aRolledServerAnswersAndARetiredOneIsGone() {
        Endpoint endpoint = rollout(0, "model.gguf").roll(input(), () -> {});
        assertThat(endpoint.model()).isEqualTo("tiny");
        ProcessHandle process = serverProcess();
        assertThat(process.isAlive()).isTrue();
        last.orElseThrow().retire(ID);
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void rollingAgainReplacesTheServer() {
        LocalRollout rollout = rollout(0, "model.gguf");
        rollout.roll(input(), () -> {});
        ProcessHandle first = serverProcess();
        rollout.roll(input(), () -> {});
        assertThat(first.isAlive()).isFalse();
        assertThat(serverProcess().isAlive()).isTrue();
    }

    @Test
    void aServerThatAnEarlierParentLeftIsStopped() {
        rollout(0, "model.gguf").roll(input(), () -> {});
        ProcessHandle left = serverProcess();
        rollout(0, "model.gguf").retire(ID);
        assertThat(left.isAlive()).isFalse();
    }

    @Test
    void aServerThatEndsAtOnceIsNamedWithItsLog() {
        assertThatThrownBy(() -> rollout(0, "broken").roll(input(), () -> {}))
                .isInstanceOf(RolloutException.NotReady.class)
                .hasMessageContaining("default-w-server.log");
    }

    @Test
    void aTakenPortIsRefusedBeforeAnythingStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> rollout(taken.getLocalPort(), "model.gguf").roll(input(), () -> {}))
                    .isInstanceOf(RolloutException.PortInUse.class)
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
        }
    }

    @Test
    void theWaitEndsWhenItIsNotWantedAnyMore() {
        Runnable unwanted = () -> {
            throw new IllegalStateException("cancelled");
        };
        assertThatThrownBy(() -> rollout(0, "model.gguf").roll(input(), unwanted))
                .hasMessage("cancelled");
    }

    private LocalRollout rollout(int port, String model) {
        String classPath = System.getProperty("java.class.path");
        LocalSettings settings = new LocalSettings(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                classPath,
                folder,
                folder.resolve("logs"),
                folder.resolve("state"),
                "127.0.0.1:1",
                port,
                Map.of(),
                List.of());
        LocalRollout rollout = new LocalRollout(
                settings, new ModelAt(Path.of(model)), Map.of(Role.SERVER, PretendServer.class.getName()));
        last = Optional.of(rollout);
        return rollout;
    }

    private ProcessHandle serverProcess() {
        Path file = folder.resolve("state").resolve("uid-1.server");
        assertThat(Files.exists(file)).isTrue();
        return Child.left(file).orElseThrow().handle();
    }

    private static RollInput input() {
        NodeLease lease = new NodeLease(
                "local-1",
                new MachineOption("local", 0, io.kaitoflow.presets.ByteSize.ofGibibytes(1), Optional.empty(), false),
                List.of("this machine"),
                true);
        ModelShape shape = new ModelShape(1, 8, 1, 1, 8, 16, 32, true);
        Preset preset = new Preset("tiny", "llama", shape, 64, List.of(), List.of(), "MIT", false, true);
        return new RollInput(ID, lease, preset, List.of());
    }

    /** A model that needs no fetching. */
    private record ModelAt(Path path) implements ServedFiles {
        @Override
        public Path model(Preset preset) {
            return path;
        }

        @Override
        public Path adapter(ServedAdapter adapter) {
            return path;
        }
    }
}
