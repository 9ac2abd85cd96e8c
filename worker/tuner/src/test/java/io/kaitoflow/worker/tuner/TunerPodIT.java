package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.testcluster.TemporalDevServer;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.ServedModel;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The containers of a workspace's pods, as processes with a pod's environment: a real Temporal server, a real registry. */
class TunerPodIT {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Preset PRESET =
            PresetCatalogue.load().find("smollm2-135m-instruct").orElseThrow();
    private static final SecretReference PUSH = new SecretReference("push");

    @TempDir
    private Path folder = Path.of("");

    private final WorkspaceId id =
            new WorkspaceId("models", "tune", UUID.randomUUID().toString());
    private TemporalDevServer temporal;
    private PasswordRegistry registry;

    @BeforeEach
    void mount() throws IOException {
        Path model = modelFolder();
        registry = PasswordRegistry.start(Files.createDirectories(folder.resolve("registry")));
        temporal = TemporalDevServer.start();
        Path cache = Files.createDirectories(folder.resolve("home").resolve("models"));
        copy(model, cache.resolve(PRESET.name()).resolve(model.getFileName()));
        Path rows = Files.createDirectories(folder.resolve("data"));
        Files.write(
                rows.resolve("rows.jsonl"),
                IntStream.range(0, 4)
                        .mapToObj(i -> "{\"prompt\":\"Who directs hall " + i + "?\",\"completion\":\"Ada " + i + ".\"}")
                        .toList());
        Path secret = Files.createDirectories(folder.resolve("secrets").resolve("push"));
        Files.writeString(secret.resolve(".dockerconfigjson"), registry.dockerConfig());
    }

    @AfterEach
    void close() {
        Stream.of(temporal, registry).filter(Objects::nonNull).forEach(TunerPodIT::close);
    }

    private static void close(AutoCloseable server) {
        switch (server) {
            case TemporalDevServer started -> started.close();
            case PasswordRegistry started -> started.close();
            default -> throw new IllegalArgumentException("Nobody started " + server);
        }
    }

    /** Where the model that tests use was put by {@code kaitoflow models pull}. */
    private static Path modelFolder() {
        String gguf = System.getenv("KAITOFLOW_TEST_MODEL");
        assumeTrue(gguf != null, "KAITOFLOW_TEST_MODEL must be the path of SmolLM2-135M-Instruct's GGUF");
        Path folder = Objects.requireNonNull(Path.of(gguf).toAbsolutePath().getParent());
        assumeTrue(
                Files.exists(folder.resolve("complete.json")),
                "KAITOFLOW_TEST_MODEL must lie where kaitoflow models pull put it");
        return folder;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "KAITOFLOW_HOME", folder.resolve("home").toString(),
                "KAITOFLOW_SECRETS", folder.resolve("secrets").toString(),
                "KAITOFLOW_DATA", folder.resolve("data").toString(),
                "HOME", folder.resolve("home").toString(),
                "DJL_CACHE_DIR", folder.resolve("natives").toString(),
                "DJL_OFFLINE", "true",
                "OPT_OUT_TRACKING", "true",
                "OMP_WAIT_POLICY", "PASSIVE"));
        environment.putAll(more);
        return environment;
    }

    private PodProcess tuner() throws IOException {
        return tuner(Map.of("KAITOFLOW_TEMPORAL_ADDRESS", temporal.target()));
    }

    private PodProcess tuner(Map<String, String> reach) throws IOException {
        Map<String, String> own = new TreeMap<>(reach);
        own.put("KAITOFLOW_TEMPORAL_NAMESPACE", "default");
        own.put("KAITOFLOW_TASK_QUEUE", "tuner/" + id.uid());
        own.put("KAITOFLOW_HEALTH_PORT", "0");
        return PodProcess.start(TunerMain.class, folder.resolve("tuner.log"), environment(own));
    }

    private TuningJob job(SecretReference push) {
        OptimiserRecipe usual = OptimiserRecipe.defaults();
        OptimiserRecipe twoSteps = new OptimiserRecipe(
                1,
                OptionalInt.of(2),
                1,
                1,
                usual.learningRate(),
                usual.schedule(),
                usual.warmup(),
                usual.adam(),
                1,
                42);
        return new TuningJob(
                new ModelReference(PRESET.name(), Optional.empty()),
                TuningMethod.QLORA,
                new DatasetSource.Volume(new VolumeReference.ConfigMap("rows")),
                new OutputTarget.Image(registry.image("adapters/tune"), Optional.of(push)),
                new TrainingRecipe(
                        new QloraRecipe(
                                2,
                                4,
                                0,
                                List.of("q_proj"),
                                false,
                                QloraRecipe.defaults().computeType(),
                                true),
                        twoSteps,
                        DataRecipe.defaults(),
                        CadenceRecipe.defaults()));
    }

    private PushedImage run(TuningJob job) {
        try (TemporalConnection connection = TemporalConnection.open(TemporalAddress.of(temporal.target()))) {
            WorkerFactory factory = WorkerFactory.newInstance(connection.client());
            factory.newWorker("test").registerWorkflowImplementationTypes(TuneAndPush.Impl.class);
            factory.start();
            try {
                return connection
                        .client()
                        .newWorkflowStub(
                                TuneAndPush.class,
                                WorkflowOptions.newBuilder()
                                        .setTaskQueue("test")
                                        .setWorkflowId(UUID.randomUUID().toString())
                                        .build())
                        .run(id, PRESET, job);
            } finally {
                factory.shutdownNow();
            }
        }
    }

    @Test
    void whatThePodsEnvironmentSaysIsEnoughToTuneToPushAndToBringTheResultToAServer() throws Exception {
        PushedImage pushed;
        try (GuardedTemporal guarded = GuardedTemporal.of(temporal, id.uid(), folder.resolve("guarded"));
                PodProcess tuner = tuner(guarded.environment())) {
            tuner.awaitReady();
            pushed = run(job(PUSH));
            tuner.terminate();
            assertThat(tuner.exit()).isEqualTo(143);
            assertThat(tuner.said()).doesNotContain("\"password\"");
        }

        assertThat(pushed.image()).isEqualTo(registry.image("adapters/tune"));
        AttachedOnce.assertReported(pushed, registry.dockerConfig(), PUSH, folder.resolve("scratch"));
        try (PodProcess fetcher = fetcher(pushed)) {
            assertThat(fetcher.exit()).as(fetcher.said()).isZero();
        }
        Path adapter = folder.resolve("home/adapters").resolve(pushed.digest().hex());
        assertThat(adapter.resolve("adapter_model.safetensors")).isNotEmptyFile();
        assertThat(Files.readAllLines(folder.resolve("home/served/arguments")))
                .hasSize(4)
                .contains("--model", "--model-digest")
                .anyMatch(line -> line.endsWith(".gguf\""));
        assertThat(list())
                .contains("\"name\":\"tune\"", "\"folder\":\"" + adapter + "\"", "\"strength\":0.5", "\"revision\":");
        theFollowerBringsTheNextOnes(pushed);
        theSameAdapterInAVolumeIsFoundGoodAndServedFromThere(adapter);
    }

    /** As a kubelet mounts the volume; the model is here already. */
    private void theSameAdapterInAVolumeIsFoundGoodAndServedFromThere(Path adapter) throws Exception {
        VolumeReference claim = new VolumeReference.Claim("adapters");
        Path mounted = folder.resolve("mounted").resolve(claim.key());
        copy(adapter, mounted.resolve("law"));
        JsonMapper json = JsonMapper.builder().addModule(new Jdk8Module()).build();
        Path task = folder.resolve("adapters.json");
        json.writeValue(task.toFile(), new AdapterTask(id, PRESET, List.of(new AdapterReference("law", claim, 1))));
        Path answer = Files.createFile(folder.resolve("adapters-log"));
        Path served = folder.resolve("volume-served.json");
        json.writeValue(
                served.toFile(),
                new ServedModel(PRESET, List.of(new ServedAdapter("law", claim, 0.75)), Optional.empty()));
        String mounts = folder.resolve("mounted").toString();

        try (PodProcess inspector = PodProcess.start(
                        InspectMain.class,
                        folder.resolve("inspect-adapters.log"),
                        environment(Map.of(
                                "KAITOFLOW_ADAPTER_TASK", task.toString(),
                                "KAITOFLOW_ANSWER", answer.toString(),
                                "KAITOFLOW_ADAPTERS", mounts)));
                PodProcess fetcher = PodProcess.start(
                        FetchMain.class,
                        folder.resolve("fetch-adapters.log"),
                        environment(Map.of("KAITOFLOW_SERVED", served.toString(), "KAITOFLOW_ADAPTERS", mounts)))) {
            assertThat(inspector.exit()).as(inspector.said()).isZero();
            assertThat(fetcher.exit()).as(fetcher.said()).isZero();
        }
        assertThat(json.readValue(answer.toFile(), InspectionAnswer.class).findings())
                .isEmpty();
        assertThat(list()).contains("\"folder\":\"" + mounted.resolve("law") + "\"", "\"strength\":0.75");
    }

    /** What is wanted next is brought while the server would run; what cannot be had is said in the same file. */
    private void theFollowerBringsTheNextOnes(PushedImage pushed) throws IOException {
        String before = list();
        try (PodProcess follower = PodProcess.start(
                FollowMain.class,
                folder.resolve("follow.log"),
                environment(Map.of("KAITOFLOW_SERVED", wanted(pushed, 0.25).toString())))) {
            await().atMost(LONG).until(() -> list().contains("\"strength\":0.25"));
            assertThat(list()).isNotEqualTo(before);

            PushedImage absent =
                    new PushedImage(pushed.image(), Digest.parse("sha256:" + "1".repeat(64)), pushed.location());
            wanted(absent, 1);

            await().atMost(LONG).until(() -> list().contains("\"refusal\""));
            assertThat(follower.said()).doesNotContain("\"password\"");
        }
    }

    private String list() throws IOException {
        return Files.readString(folder.resolve("home/served/adapters.json"));
    }

    private PodProcess fetcher(PushedImage pushed) throws IOException {
        return PodProcess.start(
                FetchMain.class,
                folder.resolve("fetch.log"),
                environment(Map.of("KAITOFLOW_SERVED", wanted(pushed, 0.5).toString())));
    }

    private Path wanted(PushedImage pushed, double strength) throws IOException {
        ServedModel served = new ServedModel(
                PRESET,
                List.of(new ServedAdapter("tune", pushed.image(), pushed.digest(), List.of(PUSH), strength)),
                Optional.empty());
        Path fresh = folder.resolve("served.new");
        JsonMapper.builder().addModule(new Jdk8Module()).build().writeValue(fresh.toFile(), served);
        return Files.move(fresh, folder.resolve("served.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    private InspectionAnswer inspect(SecretReference push) throws Exception {
        Path task = folder.resolve("task.json");
        JsonMapper json = JsonMapper.builder().addModule(new Jdk8Module()).build();
        json.writeValue(task.toFile(), new DatasetActivities.Input(id, PRESET, job(push)));
        // A kubelet makes the file and mounts it.
        Path answer = Files.createFile(folder.resolve("termination-log"));
        Map<String, String> own = Map.of("KAITOFLOW_TASK", task.toString(), "KAITOFLOW_ANSWER", answer.toString());
        try (PodProcess inspector =
                PodProcess.start(InspectMain.class, folder.resolve("inspect.log"), environment(own))) {
            assertThat(inspector.exit()).as(inspector.said()).isZero();
            assertThat(inspector.said()).doesNotContain("\"password\"");
        }
        return json.readValue(answer.toFile(), InspectionAnswer.class);
    }

    @Test
    void goodRowsAndAPushThatIsAllowedAreReported() throws Exception {
        InspectionAnswer answer = inspect(PUSH);

        assertThat(answer.passed()).as("%s", answer.findings()).isTrue();
        assertThat(answer.dataset().orElseThrow().rows()).isEqualTo(4);
    }

    @Test
    void aBadRowAndADeniedPushAreReportedTogether() throws Exception {
        Files.writeString(
                folder.resolve("data").resolve("rows.jsonl"),
                "{\"prompt\":\"Who?\",\"completion\":\"Ada.\"}\n{\"prompt\":\"Who?\"}\n");

        InspectionAnswer answer = inspect(new SecretReference("absent"));

        assertThat(answer.passed()).isFalse();
        assertThat(answer.findings())
                .extracting(Finding::kind)
                .containsExactly(FailureKind.REGISTRY_DENIED, FailureKind.DATASET_INVALID);
        assertThat(answer.findings().getLast().message()).contains("rows.jsonl", "row 2");
    }

    @Test
    void aVolumeWithoutDataIsAFindingAndNoCrash() throws Exception {
        Files.delete(folder.resolve("data").resolve("rows.jsonl"));

        assertThat(inspect(PUSH).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("There is no data file"));
    }

    @Test
    void aSecretThatIsNotMountedIsARefusalAndNoGuess() throws Exception {
        try (PodProcess tuner = tuner()) {
            tuner.awaitReady();

            assertThatThrownBy(() -> run(job(new SecretReference("absent"))))
                    .isInstanceOf(WorkflowFailedException.class)
                    .hasStackTraceContaining("REGISTRY_DENIED");
        }
    }

    @Test
    void aTunerWithoutTemporalEndsWithOneSentence() throws Exception {
        temporal.kill();

        try (PodProcess tuner = tuner()) {
            assertThat(tuner.exit()).isEqualTo(1);
            assertThat(tuner.said()
                            .strip()
                            .lines()
                            .reduce((first, last) -> last)
                            .orElse(""))
                    .startsWith("No Temporal server answers at " + temporal.target());
        }
    }
}
