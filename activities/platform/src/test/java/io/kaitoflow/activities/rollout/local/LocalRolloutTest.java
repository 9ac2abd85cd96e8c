package io.kaitoflow.activities.rollout.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutContract;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.TunerEnd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRolloutTest extends RolloutContract {

    private static final WorkspaceId ID = new WorkspaceId("default", "w", "uid-1");
    private static final NodeLease LEASE = new NodeLease(
            "local-1",
            new MachineOption("local", 0, ByteSize.ofGibibytes(1), Optional.empty(), false),
            List.of("this machine"),
            true);
    private static final Preset TINY = preset("tiny");

    private static Preset preset(String name) {
        return new Preset(
                name,
                "llama",
                new ModelShape(1, 8, 1, 1, 8, 16, 32, true),
                64,
                List.of(),
                List.of(),
                "MIT",
                false,
                true);
    }

    private static final ServedAdapter TUNED = new ServedAdapter(
            "tuned",
            ImageReference.parse("registry.example.com/adapters/x:1"),
            Digest.parse("sha256:" + "0".repeat(64)),
            List.of(),
            1);

    @TempDir
    private Path folder = Path.of("");

    private final BlockingQueue<ChildExit> deaths = new LinkedBlockingQueue<>();
    private LocalRollout rollout = rollout(0, "model.gguf");

    @BeforeEach
    void makeRollout() {
        rollout = rollout(0, "model.gguf");
    }

    @AfterEach
    void endChildren() {
        rollout.retire(ID);
        rollout.stopTuner(ID);
    }

    private LocalRollout rollout(int port, String model) {
        return PretendParent.rollout(folder, port, model, deaths::add);
    }

    static TunerInput tunerOf(int attempt) {
        return new TunerInput(ID, LEASE, attempt);
    }

    @Override
    protected Rollout rollout() {
        return rollout;
    }

    @Override
    protected WorkspaceId id() {
        return ID;
    }

    @Override
    protected TunerInput attempt(int number) {
        return tunerOf(number);
    }

    @Override
    protected RollInput serving(ServedAdapter... adapters) {
        return new RollInput(ID, LEASE, TINY, List.of(adapters));
    }

    @Override
    protected RollInput servingAnotherModel() {
        return new RollInput(ID, LEASE, preset("another"), List.of());
    }

    @Override
    protected ServedAdapter adapter(String name) {
        return new ServedAdapter(name, TUNED.image(), TUNED.digest(), List.of(), 1, TUNED.volume());
    }

    @Override
    protected Optional<String> tuner() {
        return running(Role.TUNER);
    }

    @Override
    protected Optional<String> server() {
        return running(Role.SERVER);
    }

    private Optional<String> running(Role role) {
        return Child.left(folder.resolve("state").resolve("uid-1." + role.label()))
                .map(process -> "process " + process.pid());
    }

    private ProcessHandle process(Role role) {
        return Child.left(folder.resolve("state").resolve("uid-1." + role.label()))
                .orElseThrow();
    }

    private String log(Role role) throws IOException {
        return Files.readString(folder.resolve("logs").resolve("default-w-" + role.label() + ".log"));
    }

    @Test
    void theTunerIsToldWhereItWorks() throws IOException {
        rollout.startTuner(attempt(1));

        assertThat(log(Role.TUNER))
                .contains("--temporal 127.0.0.1:1 --task-queue tuner/uid-1 --home " + folder + " --exit-with-parent")
                .contains("environment yes");
    }

    @Test
    void stoppingWaitsUntilTheTunerIsGoneAndIsNoDeath() {
        rollout.startTuner(attempt(1));
        ProcessHandle tuner = process(Role.TUNER);

        rollout.stopTuner(ID);
        rollout.stopTuner(ID);

        assertThat(tuner.isAlive()).isFalse();
        assertThat(deaths).isEmpty();
    }

    @Test
    void aTunerThatAPersonKilledIsNotTakenForOneWithoutMemory() throws InterruptedException {
        rollout.startTuner(attempt(1));

        ChildExit death = killTuner();

        assertThat(death.sentence())
                .contains("The tuner ended with exit code 137")
                .contains("not because the memory was full")
                .contains("default-w-tuner.log");
        assertThat(rollout.tunerEnd(ID)).isEqualTo(new TunerEnd(false, death.sentence(), true));
    }

    @Test
    void aTunerThatTheSystemKilledForItsMemoryIsKnownForIt() throws InterruptedException {
        AtomicLong kills = new AtomicLong(3);
        rollout = PretendParent.rollout(folder, 0, "model.gguf", deaths::add, kills::get);
        rollout.startTuner(attempt(1));
        kills.incrementAndGet();

        ChildExit death = killTuner();

        assertThat(death.sentence()).contains("exit code 137 (killed by the system: the memory was full)");
        assertThat(rollout.tunerEnd(ID)).isEqualTo(new TunerEnd(true, death.sentence(), true));
    }

    @Test
    void aTunerThatNeverStartedHereIsGone() {
        assertThat(rollout.tunerEnd(ID).gone()).isTrue();
    }

    @Test
    void theEndOfAnEarlierTunerIsForgottenWhenTheNextStarts() throws InterruptedException {
        rollout.startTuner(attempt(1));
        killTuner();

        rollout.startTuner(attempt(2));

        assertThat(rollout.tunerEnd(ID)).isEqualTo(TunerEnd.unknown());
    }

    private ChildExit killTuner() throws InterruptedException {
        process(Role.TUNER).destroyForcibly();
        return Objects.requireNonNull(deaths.poll(60, TimeUnit.SECONDS), "the death is told");
    }

    @Test
    void aRolledServerAnswersAndARetiredOneIsGone() throws IOException, InterruptedException {
        Endpoint endpoint = rollout.roll(serving(TUNED), () -> {});

        assertThat(endpoint.model()).isEqualTo("tuned");
        assertThat(health(endpoint)).isEqualTo(200);
        assertThat(log(Role.SERVER)).contains("--model model.gguf --model-name tiny --model-digest sha256:0000");
        assertThat(Files.readString(folder.resolve("state").resolve("uid-1.adapters.json")))
                .contains("\"name\":\"tuned\",\"folder\":\"/adapters/tuned\",\"strength\":1.0");
        ProcessHandle server = process(Role.SERVER);
        rollout.retire(ID);
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void aServerThatEndsAtOnceIsNamedWithItsLogAndLastWords() {
        assertThatThrownBy(() -> rollout(0, "broken").roll(serving(), () -> {}))
                .isInstanceOf(RolloutException.NotReady.class)
                .hasMessageContaining("The server ended with exit code 7")
                .hasMessageContaining("default-w-server.log")
                .hasMessageContaining("cannot read the model");
    }

    @Test
    void aTakenPortIsRefusedBeforeAnythingStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> rollout(taken.getLocalPort(), "model.gguf").roll(serving(), () -> {}))
                    .isInstanceOf(RolloutException.PortInUse.class)
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
        }
        assertThat(folder.resolve("logs")).doesNotExist();
    }

    @Test
    void childrenEndWithAKilledParent() throws Exception {
        Process parent = parent();
        ProcessHandle child = child(parent);

        parent.destroyForcibly().onExit().join();

        assertThat(child.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
    }

    @Test
    void whatAnotherParentLeftIsEndedBeforeTheNextStart() throws Exception {
        Process parent = parent();
        ProcessHandle left = child(parent);

        rollout.startTuner(attempt(1));

        assertThat(left.isAlive()).isFalse();
        assertThat(process(Role.TUNER).isAlive()).isTrue();
        parent.destroyForcibly().onExit().join();
    }

    private Process parent() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-Xmx48m",
                "-cp",
                System.getProperty("java.class.path"),
                PretendParent.class.getName(),
                folder.toString());
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static ProcessHandle child(Process parent) throws IOException {
        String line = parent.inputReader().readLine();
        return ProcessHandle.of(Long.parseLong(line)).orElseThrow();
    }

    private static int health(Endpoint endpoint) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint.url() + "/health"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
