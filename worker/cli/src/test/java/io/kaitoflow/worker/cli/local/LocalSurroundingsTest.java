package io.kaitoflow.worker.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.activities.dataset.ProgressListener;
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
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static WorkspacePlan plan(WorkspaceRequest request) {
        return new PlanActivitiesImpl(
                        PresetCatalogue.load(),
                        new CatalogueMachines(
                                GpuCatalogue.load(), "azure", List.of(), OwnNodes.UNKNOWN, Clock.systemUTC()))
                .make(request);
    }
}
