package io.kaitoflow.worker.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.activities.preflight.CatalogueMachines;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.activities.preflight.PlanActivitiesImpl;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.worker.tuner.LocalRooms;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSurroundingsTest {

    private static final String LISTING = """
            {"sha": "c", "siblings": [
              {"rfilename": "config.json", "size": 2},
              {"rfilename": "tokenizer.json", "size": 2},
              {"rfilename": "model-00001-of-00002.safetensors", "size": 2}]}
            """;

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private HttpServer hub;

    @BeforeEach
    void start() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path.replaceFirst(".*/", ""));
            byte[] answer = (path.startsWith("/api/") ? LISTING : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        hub.start();
    }

    @AfterEach
    void stop() {
        hub.stop(0);
    }

    @Test
    void aLookAsksForAModelWithoutItsWeights() {
        PreflightReport report = look(false);

        assertThat(report.findings()).isEmpty();
        assertThat(asked).contains("config.json", "tokenizer.json").doesNotContain("model-00001-of-00002.safetensors");
    }

    @Test
    void aRunBringsThemAfterTheLook() {
        var unused = look(true);

        assertThat(asked).containsSubsequence("tokenizer.json", "model-00001-of-00002.safetensors");
    }

    private PreflightReport look(boolean strict) {
        LocalApply applied = LocalApply.of(
                Path.of("../../helm/examples/quickstart-phi-4-mini.yaml"),
                GpuCatalogue.load(),
                new UserLogin(Optional.empty(), Optional.empty()),
                AllowedHosts.none(),
                Clock.systemUTC());
        WorkspaceRequest request = ((Translation.Accepted) applied.translation()).request();
        LocalHome home = new LocalHome(folder);
        LocalRooms rooms = new LocalRooms(
                home,
                home.objects(request.id().uid()),
                Map.of("HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort()));
        return new LocalSurroundings(rooms, request.id(), ProgressListener.silent())
                .preflight(strict)
                .inspect(new PreflightActivities.Input(request, plan(request)));
    }

    @Test
    void dataOfAMirrorIsFetchedWhereItsHostIsAllowed() throws IOException {
        String mirror = "127.0.0.1:" + hub.getAddress().getPort();
        String yaml = Files.readString(Path.of("../../helm/examples/quickstart-phi-3.yaml"))
                .replaceFirst("\"https://huggingface.co/[^\"]*\"", "http://" + mirror + "/train.jsonl");
        Path file = Files.writeString(folder.resolve("w.yaml"), yaml);

        assertThat(translated(file, AllowedHosts.none())).isInstanceOf(Translation.Refused.class);
        TuningJob job = ((Translation.Accepted) translated(file, new AllowedHosts(Set.of(mirror))))
                .request()
                .goal()
                .tuning()
                .orElseThrow();

        assertThatThrownBy(() -> look(job, Map.of())).hasMessageContaining("data.allowedHosts of the chart");
        assertThat(asked).doesNotContain("train.jsonl");
        assertThatThrownBy(() -> look(job, Map.of(AllowedHosts.VARIABLE, mirror)))
                .hasMessageNotContaining("allowedHosts");
        assertThat(asked).contains("train.jsonl");
    }

    private static Translation translated(Path file, AllowedHosts mirrors) {
        UserLogin nobody = new UserLogin(Optional.empty(), Optional.empty());
        return LocalApply.of(file, GpuCatalogue.load(), nobody, mirrors, Clock.systemUTC())
                .translation();
    }

    /** The hub's tokenizer is none, so a look ends there once the rows are here. */
    private void look(TuningJob job, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort());
        LocalHome home = new LocalHome(folder);
        new LocalRooms(home, home.objects("uid"), environment)
                .preparation()
                .inspect(
                        new DatasetActivities.Input(
                                new WorkspaceId("default", "w", "uid"),
                                PresetCatalogue.load()
                                        .find("phi-3-mini-128k-instruct")
                                        .orElseThrow(),
                                job),
                        ProgressListener.silent());
    }

    private static WorkspacePlan plan(WorkspaceRequest request) {
        return new PlanActivitiesImpl(
                        PresetCatalogue.load(),
                        new CatalogueMachines(
                                GpuCatalogue.load(), "azure", List.of(), OwnNodes.UNKNOWN, Clock.systemUTC()))
                .make(request);
    }
}
