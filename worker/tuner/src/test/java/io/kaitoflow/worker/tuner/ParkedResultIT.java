package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.testcluster.TemporalDevServer;
import io.kaitoflow.workflows.parking.CourierActivities.Parcel;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A result whose push is denied, on its way through three processes with a pod's environment: a real Temporal server and registry. */
class ParkedResultIT {

    private static final SecretReference PUSH = new SecretReference("push");

    @TempDir
    private Path folder = Path.of("");

    private final WorkspaceId id =
            new WorkspaceId("models", "tune", UUID.randomUUID().toString());
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private TemporalDevServer temporal;
    private PasswordRegistry registry;
    private TemporalConnection connection;

    @BeforeEach
    void start() throws IOException {
        registry = PasswordRegistry.start(Files.createDirectories(folder.resolve("registry")));
        started.push(registry);
        temporal = TemporalDevServer.start();
        started.push(temporal);
        connection = TemporalConnection.open(TemporalAddress.of(temporal.target()));
        started.push(connection);
        WorkerFactory errands = WorkerFactory.newInstance(connection.client());
        errands.newWorker("test").registerWorkflowImplementationTypes(Errands.PushImpl.class, Errands.CarryImpl.class);
        errands.start();
        started.push(errands::shutdownNow);
    }

    @AfterEach
    void close() throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }

    private AdapterArtifact trained() throws IOException {
        Path adapter = Files.createDirectories(folder.resolve("tuner/runs/1/adapter"));
        byte[] weights = new byte[3_000_000];
        new Random(7).nextBytes(weights);
        Files.writeString(adapter.resolve("adapter_config.json"), "{\"r\":8}");
        Path file = Files.write(adapter.resolve("adapter_model.safetensors"), weights);
        return new AdapterArtifact(adapter.toString(), Sha256.of(file), 72, 0.04, 17_000, 0);
    }

    private Path secret(String pod, String content) throws IOException {
        Path secret = Files.createDirectories(folder.resolve(pod + "-secrets").resolve("push"));
        return Files.writeString(secret.resolve(".dockerconfigjson"), content);
    }

    private PodProcess process(Class<?> main, String pod, Map<String, String> own) throws IOException {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "KAITOFLOW_TEMPORAL_ADDRESS", temporal.target(),
                "KAITOFLOW_TEMPORAL_NAMESPACE", "default",
                "KAITOFLOW_TASK_QUEUE", TaskQueues.tuner(id),
                "KAITOFLOW_HEALTH_PORT", "0",
                "KAITOFLOW_HOME", folder.resolve(pod).toString(),
                "KAITOFLOW_SECRETS", folder.resolve(pod + "-secrets").toString(),
                "KAITOFLOW_DEVICE", "cpu",
                "HOME", folder.resolve(pod).toString()));
        environment.putAll(own);
        return PodProcess.start(main, folder.resolve(pod + ".log"), environment);
    }

    private PodProcess keeper(AdapterArtifact awaited, Path volume) throws IOException {
        return process(
                KeepMain.class,
                "keeper",
                Map.of(
                        "KAITOFLOW_PARKED", volume.toString(),
                        "KAITOFLOW_PARKING_PORT", "0",
                        "KAITOFLOW_PARKS", awaited.digest().toString()));
    }

    private static String address(PodProcess keeper) {
        Matcher port = Pattern.compile("Probes are answered on port (\\d+)").matcher(keeper.said());
        assertThat(port.find()).isTrue();
        return "http://127.0.0.1:" + port.group(1);
    }

    private <T> T errand(Class<T> type) {
        return connection
                .client()
                .newWorkflowStub(
                        type,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue("test")
                                .setWorkflowId(UUID.randomUUID().toString())
                                .build());
    }

    private PushedImage push(AdapterArtifact adapter) {
        OutputTarget target = new OutputTarget.Image(registry.image("adapters/tune"), Optional.of(PUSH));
        return errand(Errands.Push.class).run(new ImageActivities.Input(id, adapter, "tiny", target, true));
    }

    @Test
    void whatIsDeniedIsKeptByAnotherProcessAndPushedByAThirdOnceTheSecretIsRight() throws Exception {
        AdapterArtifact adapter = trained();
        Path volume = Files.createDirectories(folder.resolve("volume"));
        secret("tuner", "{\"auths\":{}}");
        secret("pusher", registry.dockerConfig());
        Files.createDirectories(folder.resolve("keeper-secrets"));

        try (PodProcess tuner = process(TunerMain.class, "tuner", Map.of());
                PodProcess keeper = keeper(adapter, volume)) {
            tuner.awaitReady();
            keeper.awaitReady();
            assertThatThrownBy(() -> push(adapter))
                    .isInstanceOf(WorkflowFailedException.class)
                    .hasStackTraceContaining("REGISTRY_DENIED");
            Parcel parcel = new Parcel(adapter, address(keeper));
            errand(Errands.Carry.class).run(TaskQueues.tuner(id), parcel);
            // As if the first answer had been lost.
            errand(Errands.Carry.class).run(TaskQueues.tuner(id), parcel);
        }
        Path kept = volume.resolve(adapter.digest().hex());
        assertThat(kept).isDirectoryContaining(file -> file.endsWith("adapter_model.safetensors"));

        try (PodProcess pusher = process(TunerMain.class, "pusher", Map.of())) {
            pusher.awaitReady();
            PushedImage pushed = push(adapter.at(kept.toString()));

            assertThat(pushed.image()).isEqualTo(registry.image("adapters/tune"));
            assertThat(pusher.said()).doesNotContain("\"password\"");
        }
    }

    @Test
    void whoKeepsSaysInOneSentenceWhyItCannotBegin() throws Exception {
        Files.createDirectories(folder.resolve("keeper-secrets"));

        try (PodProcess keeper = process(KeepMain.class, "keeper", Map.of())) {
            assertThat(keeper.exit()).isEqualTo(1);
            assertThat(keeper.said().strip()).endsWith("KAITOFLOW_PARKED is not set.");
        }
    }
}
