package io.kaitoflow.worker.control.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.reconcile.ClusterClient;
import io.kaitoflow.bridge.reconcile.Installation;
import io.kaitoflow.bridge.reconcile.WatchedNamespaces;
import io.kaitoflow.bridge.reconcile.WorkspaceObjects;
import io.kaitoflow.testcluster.ApiServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On an API server of its own, since one of the programs deletes every Workspace. */
class InstallationProgramsIT {

    private static final String FINALIZER = "kaito.sh/workspace";

    private static ApiServer server;
    private static KubernetesClient client;

    private WatchedNamespaces watched = WatchedNamespaces.all();
    private Optional<Installation> heir = Optional.empty();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @BeforeAll
    static void start() {
        server = ApiServer.start();
        server.define(
                Path.of("..", "..", "helm", "crds", "workspaces.kaito.sh.yaml").toAbsolutePath(),
                "workspaces.kaito.sh");
        client = ClusterClient.prepared(new KubernetesClientBuilder().withConfig(server.clientConfig()))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @AfterEach
    void leaveNothing() {
        client.resources(Workspace.class).inAnyNamespace().delete();
    }

    @Test
    void everyWorkspaceIsDeletedAndTheLastFinalizerIsWaitedFor() {
        String namespace = server.newNamespace();
        create(namespace, "free", List.of());
        create(namespace, "held", List.of(FINALIZER));

        CompletableFuture<Boolean> farewell = CompletableFuture.supplyAsync(() -> farewell(Duration.ofMinutes(2)));

        await().atMost(Duration.ofMinutes(1)).until(() -> names(namespace).equals(List.of("held")));
        assertThat(farewell).isNotDone();
        release(namespace, "held");
        assertThat(farewell.join()).isTrue();
        assertThat(text())
                .contains(namespace + "/held")
                .endsWith("No Workspace is left in all namespaces." + System.lineSeparator());
    }

    @Test
    void workspacesOfOtherInstallationsStay() {
        String ours = server.newNamespace();
        String theirs = server.newNamespace();
        create(ours, "goes", List.of());
        create(theirs, "stays", List.of());
        watched = new WatchedNamespaces(Set.of(ours));

        assertThat(farewell(Duration.ofMinutes(2))).isTrue();

        assertThat(names(ours)).isEmpty();
        assertThat(names(theirs)).containsExactly("stays");
        assertThat(text()).endsWith("No Workspace is left in " + ours + "." + System.lineSeparator());
    }

    @Test
    void whatAnotherIsAtWorkOnStays() {
        String namespace = server.newNamespace();
        create(namespace, "stays", List.of());
        heir = Optional.of(new Installation("theirs", "control", "another", WatchedNamespaces.all()));

        assertThat(farewell(Duration.ofMinutes(2))).isTrue();

        assertThat(names(namespace)).containsExactly("stays");
        assertThat(text())
                .isEqualTo(
                        "An installation in namespace theirs is at work on Workspaces of all namespaces; none is deleted."
                                + System.lineSeparator());
    }

    @Test
    void whatIsLeftInTheEndIsNamed() {
        String namespace = server.newNamespace();
        create(namespace, "stuck", List.of(FINALIZER));

        assertThat(farewell(Duration.ZERO)).isFalse();

        assertThat(text()).contains("Still there after 0 s: " + namespace + "/stuck");
        release(namespace, "stuck");
    }

    @Test
    void theSelfTestCreatesNothing() {
        String namespace = server.newNamespace();

        assertThat(new SelfTest(client, namespace, out).definition()).isTrue();

        assertThat(names(namespace)).isEmpty();
    }

    @Test
    void theSelfTestSaysThatNoWebhookAnswers() {
        assertThat(new SelfTest(client, server.newNamespace(), out).webhook()).isFalse();

        assertThat(text()).contains("NOT ok: the webhook does not answer the API server");
    }

    private boolean farewell(Duration patience) {
        try {
            return new Farewell(new WorkspaceObjects(client, watched), () -> heir, Duration.ZERO, out).within(patience);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void create(String namespace, String name, List<String> finalizers) {
        Workspace workspace = client.getKubernetesSerialization().unmarshal("""
                        apiVersion: kaito.sh/v1beta1
                        kind: Workspace
                        metadata: {name: %s}
                        resource: {labelSelector: {matchLabels: {apps: %s}}}
                        inference: {preset: {name: smollm2-135m-instruct}}
                        """.formatted(name, name), Workspace.class);
        workspace.getMetadata().setFinalizers(finalizers);
        client.resource(workspace).inNamespace(namespace).create();
    }

    private static void release(String namespace, String name) {
        client.resources(Workspace.class).inNamespace(namespace).withName(name).edit(workspace -> {
            workspace.getMetadata().setFinalizers(List.of());
            return workspace;
        });
    }

    private static List<String> names(String namespace) {
        return client.resources(Workspace.class).inNamespace(namespace).list().getItems().stream()
                .map(workspace -> workspace.getMetadata().getName())
                .toList();
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
