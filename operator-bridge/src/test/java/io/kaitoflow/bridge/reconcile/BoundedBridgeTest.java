package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.PresetSpec;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.status.ProgressRounds;
import io.kaitoflow.bridge.status.StatusBoard;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator of an installation that looks after two namespaces of several. */
@EnableKubernetesMockClient(crud = true)
class BoundedBridgeTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private KubernetesClient client;

    private final RecordingGateway gateway = new RecordingGateway();
    private final StatusBoard board = new StatusBoard();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Bridge bridge;

    @BeforeEach
    void start() {
        client = server.createClient(ClusterClient::prepared);
        bridge = new Bridge(
                new WorkspaceObjects(client, new WatchedNamespaces(Set.of("team-a", "team-b"))),
                gateway,
                new WishDelivery(Samples.translator(), gateway, board, BridgeTimes.unheard()),
                new Departures(board, () -> true, (id, news) -> {}),
                board,
                Stream::of);
        bridge.start(
                BridgePace.standard(),
                new ProgressRounds(board, id -> Optional.empty(), id -> Optional.empty(), gateway::running));
    }

    @AfterEach
    void stop() {
        bridge.close();
        client.close();
    }

    @Test
    void workspacesOfOtherNamespacesAreLeftAlone() {
        create("elsewhere", "theirs", preset(null), null);
        create("team-a", "ours", preset(null), null);
        create("team-b", "ours-too", preset(null), null);
        await().untilAsserted(() -> assertThat(told()).containsExactlyInAnyOrder("ours", "ours-too"));

        bridge.relist();

        assertThat(told()).doesNotContain("theirs");
        assertThat(client.resources(Workspace.class)
                        .inNamespace("elsewhere")
                        .withName("theirs")
                        .get()
                        .getMetadata()
                        .getFinalizers())
                .isEmpty();
    }

    @Test
    void aConfigMapOfEachNamespaceIsWaitedFor() {
        create("team-a", "a", preset(null), "settings");
        create("team-b", "b", preset(null), "settings");

        configMap("team-b");
        await().untilAsserted(() -> assertThat(told()).containsExactly("b"));
        configMap("team-a");

        await().untilAsserted(() -> assertThat(told()).containsExactly("b", "a"));
    }

    @Test
    void aSecretOfEachNamespaceIsWaitedFor() {
        create("team-a", "a", preset("hub"), null);
        create("team-b", "b", preset("hub"), null);

        secret("team-b");
        await().untilAsserted(() -> assertThat(told()).containsExactly("b"));
        secret("team-a");

        await().untilAsserted(() -> assertThat(told()).containsExactly("b", "a"));
    }

    private List<String> told() {
        return gateway.told().stream().map(told -> told.id().name()).toList();
    }

    private void create(String namespace, String name, PresetSpec preset, @Nullable String config) {
        Workspace workspace = Samples.unsaved(name);
        workspace.getMetadata().setNamespace(namespace);
        workspace.setInference(new InferenceSpec(preset, null, config, List.of()));
        client.resource(workspace).create();
    }

    private static PresetSpec preset(@Nullable String secret) {
        return new PresetSpec("phi-4-mini-instruct", null, new PresetSpec.Options(null, List.of(), secret, null, null));
    }

    private void configMap(String namespace) {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("settings")
                        .endMetadata()
                        .addToData("inference_config.yaml", "vllm: {}")
                        .build())
                .create();
    }

    private void secret(String namespace) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("hub")
                        .endMetadata()
                        .addToData("HF_TOKEN", "dG9rZW4=")
                        .build())
                .create();
    }
}
