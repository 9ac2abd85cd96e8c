package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.status.Announcement;
import io.kaitoflow.bridge.status.ProgressRounds;
import io.kaitoflow.bridge.status.StatusBoard;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator against an API server in memory; what that one cannot do is tested against a real one. */
@EnableKubernetesMockClient(crud = true)
class BridgeTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private KubernetesClient client;

    private final RecordingGateway gateway = new RecordingGateway();
    private final StatusBoard board = new StatusBoard();
    private final List<WorkspaceId> holders = new CopyOnWriteArrayList<>();
    private final List<Announcement> announced = new CopyOnWriteArrayList<>();
    private volatile boolean leading = true;

    private final WishDelivery delivery = new WishDelivery(Samples.translator(), gateway, board, BridgeTimes.unheard());

    @SuppressWarnings("NullAway.Init") // set before each test
    private Bridge bridge;

    @BeforeEach
    void start() {
        client = server.createClient(ClusterClient::prepared);
        bridge = new Bridge(
                new WorkspaceObjects(client, WatchedNamespaces.all()),
                gateway,
                delivery,
                new Departures(board, () -> leading, (id, news) -> announced.add(news)),
                board,
                holders::stream);
        bridge.start(
                new BridgePace(Duration.ofMinutes(5), Duration.ofMillis(200), Duration.ofSeconds(5)),
                new ProgressRounds(board, id -> Optional.empty(), id -> Optional.empty(), gateway::running));
    }

    @AfterEach
    void stop() {
        bridge.close();
        client.close();
    }

    @Test
    void aNewWorkspaceGetsTheFinalizerAndItsWishIsToldOnce() {
        client.resource(Samples.unsaved("a")).create();

        await().untilAsserted(() -> assertThat(gateway.told()).hasSize(1));
        assertThat(read("a").getMetadata().getFinalizers()).containsExactly("kaito.sh/workspace");
    }

    @Test
    void anAnnotationArrives() {
        client.resource(Samples.unsaved("a")).create();
        await().untilAsserted(() -> assertThat(gateway.told()).hasSize(1));

        annotate("kaito.sh/paused", "true");

        await().untilAsserted(() -> assertThat(
                        gateway.told().getLast().state().verbs().stream().map(Verb::action))
                .containsExactly(Verb.Action.PAUSE));
    }

    @Test
    void aMissingConfigMapIsWaitedForAndHeals() {
        Workspace workspace = Samples.unsaved("a");
        InferenceSpec inference = Objects.requireNonNull(workspace.getInference());
        workspace.setInference(new InferenceSpec(inference.preset(), null, "recipe", List.of()));
        client.resource(workspace).create();
        await().until(() -> read("a").hasFinalizer("kaito.sh/workspace"));

        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName("recipe")
                        .endMetadata()
                        .addToData("inference_config.yaml", "vllm: {}")
                        .build())
                .create();

        await().untilAsserted(() -> assertThat(gateway.told()).hasSize(1));
    }

    @Test
    void theObjectGoesOnlyWhenNothingIsLeft() {
        WorkspaceId id = createdAndTold("a");
        client.resource(read("a")).delete();
        await().untilAsserted(() -> assertThat(gateway.deletions()).hasSize(1));
        assertThat(read("a")).isNotNull();

        board.told(Samples.snapshot(id, new Phase.Released()));
        bridge.nudge(id);

        await().untilAsserted(() -> assertThat(find("a")).isNull());
    }

    @Test
    void aReplicaWithoutTheLeaseLetsNothingGo() {
        leading = false;
        WorkspaceId id = createdAndTold("a");
        client.resource(read("a")).delete();
        board.told(Samples.snapshot(id, new Phase.Released()));
        bridge.nudge(id);
        await().untilAsserted(() -> assertThat(gateway.deletions()).hasSize(1));
        assertThat(read("a")).isNotNull();

        leading = true;
        bridge.nudgeAll();

        await().untilAsserted(() -> assertThat(find("a")).isNull());
    }

    @Test
    void anOwnerWhoInsistsLetsItGoAndReadsWhatIsLeftBehind() {
        createdAndTold("a");
        client.resource(read("a")).delete();
        await().untilAsserted(() -> assertThat(gateway.deletions()).hasSize(1));

        annotate("kaito.sh/force-delete", "true");

        await().untilAsserted(() -> assertThat(find("a")).isNull());
        assertThat(announced).extracting(Announcement::reason).containsExactly("ForceDeleted");
    }

    @Test
    void aRunThatWasTerminatedIsStartedAnew() {
        createdAndTold("a");

        gateway.endAllRuns();

        await().untilAsserted(() -> assertThat(gateway.told()).hasSize(2));
    }

    @Test
    void aRunThatWasTerminatedUnderARefusedEditIsMissedAndStartedAnewWhenThatIsMended() {
        WorkspaceId id = createdAndTold("a");
        board.told(Samples.snapshot(id, new Phase.Serving()));
        annotate("kaito.sh/budget-usd", "plenty");
        await().until(() -> !board.accepted(id));
        assertThat(board.expectsRun(id)).isTrue();

        gateway.endAllRuns();
        await().until(() -> !board.expectsRun(id));
        assertThat(gateway.told()).hasSize(1);
        annotate("kaito.sh/budget-usd", "20");

        await().untilAsserted(() -> assertThat(gateway.told()).hasSize(2));
        assertThat(gateway.told().getLast().state().request()).isPresent();
    }

    private void annotate(String key, String value) {
        client.resource(read("a")).edit(workspace -> {
            workspace.getMetadata().setAnnotations(Map.of(key, value));
            return workspace;
        });
    }

    @Test
    void anOutageOfTemporalDelaysAndLosesNothing() {
        gateway.goOut(true);
        client.resource(Samples.unsaved("a")).create();
        await().until(() -> read("a").hasFinalizer("kaito.sh/workspace"));

        gateway.goOut(false);

        await().untilAsserted(() -> assertThat(gateway.told()).hasSize(1));
    }

    @Test
    void aRunThatRestsWhileAMachineIsHeldInItsNameIsToldToLook() {
        WorkspaceId id = createdAndTold("a");
        holders.add(id);
        board.told(Samples.snapshot(id, new Phase.Provisioning("sku-a", "A machine is claimed.")));
        bridge.relist();
        assertThat(gateway.observed()).isEmpty();

        board.told(Samples.snapshot(id, new Phase.Paused("by hand")));
        bridge.relist();

        assertThat(gateway.observed()).containsExactly(id);
    }

    @Test
    void aWorkspaceThatCannotBeDeliveredHoldsUpNobodyElse() {
        WorkspaceId stuck = createdAndTold("stuck");
        client.resource(Samples.unsaved("a")).create();
        client.resource(Samples.unsaved("z")).create();
        await().untilAsserted(() -> assertThat(gateway.told()).hasSize(3));
        holders.add(stuck);
        board.told(Samples.snapshot(stuck, new Phase.Paused("by hand")));
        gateway.deafTo("stuck");
        board.known().forEach(delivery::forget);

        bridge.relist();

        assertThat(gateway.told().subList(3, 5))
                .extracting(told -> told.id().name())
                .containsExactlyInAnyOrder("a", "z");
        assertThat(gateway.observed()).containsExactly(stuck);
    }

    @Test
    void anObjectThatKaitoHadIsTakenOver() {
        Workspace workspace = Samples.unsaved("a");
        workspace.getMetadata().setFinalizers(List.of(Finalizer.KAITO));
        client.resource(workspace).create();

        await().untilAsserted(() ->
                assertThat(read("a").getMetadata().getFinalizers()).containsExactly(Finalizer.NAME));
        assertThat(gateway.told()).hasSize(1);
    }

    private WorkspaceId createdAndTold(String name) {
        client.resource(Samples.unsaved(name)).create();
        await().untilAsserted(() -> assertThat(gateway.told()).hasSize(1));
        return WorkspaceTranslator.idOf(read(name));
    }

    private Workspace read(String name) {
        return Objects.requireNonNull(find(name), name);
    }

    private @Nullable Workspace find(String name) {
        return client.resources(Workspace.class)
                .inNamespace("default")
                .withName(name)
                .get();
    }
}
