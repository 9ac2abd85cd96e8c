package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.reconcile.ClusterClient;
import io.kaitoflow.bridge.status.StatusSink.Answer;
import io.kaitoflow.bridge.translate.ObservedWorkspace;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Writes of a status as a real API server takes them. */
@ExtendWith(WithApiServer.class)
class ClusterStatusIT {

    private static final Path DEFINITION = Path.of("..", "helm", "crds", "workspaces.kaito.sh.yaml");
    private static final Path EXAMPLE = Path.of("..", "helm", "examples", "quickstart-phi-4-mini.yaml");
    private static final String NAME = "workspace-phi-4-mini";

    private static ApiServer cluster;

    private KubernetesClient client = connect();
    private String namespace = "";
    private StatusSink sink = new ClusterStatus(client);

    @BeforeAll
    static void install(ApiServer server) {
        cluster = server;
        server.define(DEFINITION, "workspaces.kaito.sh");
    }

    @BeforeEach
    void makeRoom() {
        namespace = cluster.newNamespace();
        apply();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aStatusIsWrittenAgainAndAgain() {
        Workspace workspace = workspace();

        assertThat(write(workspace, "Tuning")).isEqualTo(Answer.WRITTEN);
        assertThat(write(workspace, "Publishing")).isEqualTo(Answer.WRITTEN);

        assertThat(phase()).isEqualTo("Publishing");
    }

    @Test
    void aNamesakeIsNotWritten() {
        Workspace before = workspace();
        assertThat(write(before, "Tuning")).isEqualTo(Answer.WRITTEN);
        kubectl("delete", "workspace", NAME);
        apply();

        assertThat(write(before, "Released")).isEqualTo(Answer.GONE);

        assertThat(phase()).isEmpty();
    }

    @Test
    void anEditInBetweenDoesNotHoldItUp() {
        Workspace workspace = workspace();
        kubectl("annotate", "workspace", NAME, "kaito.sh/paused=true");

        assertThat(write(workspace, "Tuning")).isEqualTo(Answer.WRITTEN);

        assertThat(phase()).isEqualTo("Tuning");
    }

    @Test
    void anObjectThatIsGoneIsNotMadeAnew() {
        Workspace workspace = workspace();
        kubectl("delete", "workspace", NAME);

        assertThat(write(workspace, "Released")).isEqualTo(Answer.GONE);
    }

    private Answer write(Workspace workspace, String phase) {
        WorkspaceStatus status = new WorkspaceStatus(
                List.of(), "Running", 1, 1L, phase, null, null, null, null, List.of(), null, null, null, null,
                List.of());
        return sink.write(WorkspaceTranslator.idOf(workspace), ObservedWorkspace.numericVersion(workspace), status);
    }

    private Workspace workspace() {
        return client.resources(Workspace.class)
                .inNamespace(namespace)
                .withName(NAME)
                .get();
    }

    private String phase() {
        return kubectl("get", "workspace", NAME, "-o", "jsonpath={.status.phase}");
    }

    private void apply() {
        kubectl("apply", "-f", EXAMPLE.toString());
    }

    private String kubectl(String... arguments) {
        return cluster.kubectl().in(namespace, arguments).orFail();
    }

    private static KubernetesClient connect() {
        Config way = cluster.clientConfig();
        return ClusterClient.prepared(new KubernetesClientBuilder().withConfig(way))
                .build();
    }
}
