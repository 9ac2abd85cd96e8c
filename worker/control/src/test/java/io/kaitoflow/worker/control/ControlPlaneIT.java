package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.reconcile.BridgePace;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.temporal.TemporalConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane on a real API server and a real Temporal server, with kubectl as users have it. */
class ControlPlaneIT {

    private static final BridgePace PACE =
            new BridgePace(Duration.ofMinutes(5), Duration.ofSeconds(2), Duration.ofSeconds(1));

    private static final String SERVING = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata:
              name: %s
              namespace: %s
              annotations: %s
            resource:
              instanceType: Standard_NC24ads_A100_v4
              labelSelector: {matchLabels: {apps: phi-4}}
            inference:
              preset: {name: phi-4-mini-instruct}
            """;

    private static final String OWN = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata:
              name: %s
              namespace: %s
            resource:
              labelSelector: {matchLabels: {apps: own}}
            inference:
              preset: {name: phi-4-mini-instruct}
            """;

    private static RunningControlPlane running;
    private static TestCluster cluster;

    @TempDir
    private Path folder = Path.of("");

    private String namespace = "";

    @BeforeAll
    static void start() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        running = RunningControlPlane.start("it", PACE);
        cluster = running.cluster();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @BeforeEach
    void namespace() {
        namespace = cluster.server().newNamespace();
    }

    @Test
    void anAppliedWorkspaceIsAClaimAndSaysWhatItWaitsFor() {
        apply("a", "{}");

        NodeClaim claim = claimOf("a");
        assertThat(claim.getMetadata().getLabels()).containsEntry("apps", "phi-4");
        await().untilAsserted(() -> assertThat(condition("a", "ResourceReady").getMessage())
                .contains("Standard_NC24ads_A100_v4", "not ready yet"));
        assertThat(status("a").observedGeneration()).isEqualTo(1);
        assertThat(cluster.server()
                        .kubectl()
                        .run("get", "workspace", "-n", namespace)
                        .orFail())
                .contains("NAME", "INSTANCE", "RESOURCEREADY", "INFERENCEREADY", "WORKSPACEREADY", "AGE");
    }

    @Test
    void aServerWhoseNameIsTakenEndsInAnHonestFailureAndTheMachineGoesBack() {
        takeNameOf("a");
        apply("a", "{}");

        cluster.fulfil(claimOf("a"));

        await().untilAsserted(() ->
                assertThat(condition("a", "WorkspaceReady").getReason()).isEqualTo("CLUSTER_REFUSED"));
        assertThat(status("a").state()).isEqualTo("Failed");
        await().untilAsserted(() -> assertThat(cluster.claimsOf(uid("a"))).isEmpty());
        await().untilAsserted(() ->
                assertThat(events("a")).contains("Accepted", "Preflight", "Provisioning", "Releasing", "Failed"));
    }

    @Test
    void aPauseByAnnotationGivesTheMachineBackAndItsEndBuysAnother() {
        apply("a", "{}");
        claimOf("a");

        annotate("a", "kaito.sh/paused", "true");
        await().untilAsserted(() -> assertThat(cluster.claimsOf(uid("a"))).isEmpty());
        await().untilAsserted(() -> assertThat(status("a").phase()).isEqualTo("Paused"));

        annotate("a", "kaito.sh/paused", "false");
        claimOf("a");
    }

    @Test
    void aRefusedEditIsSaidAndWhatRunsGoesOn() {
        apply("a", "{}");
        claimOf("a");

        annotate("a", "kaito.sh/budget-usd", "plenty");

        await().untilAsserted(() ->
                assertThat(condition("a", "WorkspaceReady").getReason()).isEqualTo("INVALID_REQUEST"));
        assertThat(condition("a", "WorkspaceReady").getMessage()).contains("kaito.sh/budget-usd", "must be a number");
        assertThat(cluster.claimsOf(uid("a"))).hasSize(1);
    }

    @Test
    void aMissingConfigMapIsWaitedForAndHeals() {
        write("a", SERVING.formatted("a", namespace, "{}") + "  config: recipe\n");
        await().untilAsserted(() ->
                assertThat(condition("a", "WorkspaceReady").getReason()).isEqualTo("WaitingForObject"));
        assertThat(cluster.claimsOf(uid("a"))).isEmpty();

        cluster.server()
                .kubectl()
                .run("create", "configmap", "recipe", "-n", namespace, "--from-literal=inference_config.yaml=vllm: {}")
                .orFail();

        claimOf("a");
    }

    @Test
    void theObjectGoesOnlyWhenTheClaimIsGone() {
        apply("a", "{}");
        NodeClaim claim = claimOf("a");
        finalizers(claim, List.of("karpenter.sh/termination"));

        cluster.server()
                .kubectl()
                .run("delete", "workspace", "a", "-n", namespace, "--wait=false")
                .orFail();
        await().untilAsserted(() ->
                assertThat(condition("a", "WorkspaceDeleting").getMessage()).contains("kaito.sh/force-delete"));
        assertThat(cluster.claimsOf(uid("a"))).hasSize(1);

        finalizers(claim, List.of());
        await().untilAsserted(() -> assertThat(cluster.find(namespace, "a")).isEmpty());
    }

    @Test
    void anOwnerWhoInsistsLetsTheObjectGoAlthoughTheProviderIsStuck() {
        apply("a", "{}");
        NodeClaim claim = claimOf("a");
        finalizers(claim, List.of("karpenter.sh/termination"));
        cluster.server()
                .kubectl()
                .run("delete", "workspace", "a", "-n", namespace, "--wait=false")
                .orFail();

        annotate("a", "kaito.sh/force-delete", "true");

        await().untilAsserted(() -> assertThat(cluster.find(namespace, "a")).isEmpty());
        await().untilAsserted(() -> assertThat(events("a")).contains("ForceDeleted"));
        finalizers(claim, List.of());
        await().untilAsserted(() -> assertThat(cluster.claims())
                .extracting(left -> left.getMetadata().getName())
                .doesNotContain(claim.getMetadata().getName()));
    }

    @Test
    void aWorkspaceThatNamesNoMachineWaitsForANodeOfItsOwnAndTakesItAtOnce() {
        Map<String, String> holders = new ConcurrentHashMap<>();
        var reservations = cluster.client().leases().inNamespace("default").withLabel("kaito.sh/reservation", "node");
        try (var informer = reservations.inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Lease lease) {
                holders.put(lease.getMetadata().getName(), lease.getSpec().getHolderIdentity());
            }

            @Override
            public void onUpdate(Lease before, Lease now) {
                throw new IllegalStateException("A reservation is never changed");
            }

            @Override
            public void onDelete(Lease lease, boolean stateUnknown) {
                holders.put(lease.getMetadata().getName(), "given back");
            }
        })) {
            write("own", OWN.formatted("own", namespace));
            await().untilAsserted(
                            () -> assertThat(condition("own", "ResourceReady").getMessage())
                                    .contains("No node has the labels apps=own", "kubectl label node NAME apps=own"));
            assertThat(informer.isWatching()).isTrue();
            String uid = uid("own");

            cluster.ownNode("gpu-1", Map.of("apps", "own"));

            // Sooner than the run looks by itself.
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(holders).containsKey("kaitoflow-node-gpu-1"));
            assertThat(holders.get("kaitoflow-node-gpu-1")).isIn(uid, "given back");
        }
    }

    @Test
    void aRunThatWasTerminatedIsFollowedByOneThatAdoptsTheClaim() {
        apply("a", "{}");
        String name = claimOf("a").getMetadata().getName();

        try (TemporalConnection connection = TemporalConnection.open(cluster.temporal())) {
            String run = WorkspaceTranslator.idOf(cluster.find(namespace, "a").orElseThrow())
                    .workflowId();
            connection.client().newUntypedWorkflowStub(run).terminate("by hand");
            await().untilAsserted(() -> assertThat(connection
                            .client()
                            .newUntypedWorkflowStub(run)
                            .describe()
                            .getStatus()
                            .name())
                    .contains("RUNNING"));
        }
        cluster.fulfil(claimOf("a"));

        assertThat(name).isEqualTo(claimOf("a").getMetadata().getName());
        await().untilAsserted(() -> assertThat(status("a").phase()).isEqualTo("RollingOut"));
    }

    /** Somebody else has a Deployment of the name that the server needs. */
    private void takeNameOf(String workspace) {
        cluster.server()
                .kubectl()
                .run("create", "deployment", workspace, "-n", namespace, "--image=registry.example/theirs:1")
                .orFail();
    }

    private void apply(String name, String annotations) {
        write(name, SERVING.formatted(name, namespace, annotations));
    }

    private void write(String name, String text) {
        try {
            Path file = Files.writeString(folder.resolve(name + ".yaml"), text);
            cluster.server().kubectl().run("apply", "-f", file.toString()).orFail();
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to write a manifest", e);
        }
    }

    private void annotate(String name, String key, String value) {
        cluster.server()
                .kubectl()
                .run("annotate", "--overwrite", "workspace", name, "-n", namespace, key + "=" + value)
                .orFail();
    }

    private NodeClaim claimOf(String name) {
        return await().until(
                        () -> cluster.claimsOf(uid(name)).stream().findFirst().orElse(null), claim -> claim != null);
    }

    private void finalizers(NodeClaim claim, List<String> finalizers) {
        cluster.client()
                .resources(NodeClaim.class)
                .withName(claim.getMetadata().getName())
                .edit(found -> {
                    found.getMetadata().setFinalizers(finalizers);
                    return found;
                });
    }

    private String uid(String name) {
        return cluster.find(namespace, name)
                .map(workspace -> workspace.getMetadata().getUid())
                .orElse("");
    }

    private WorkspaceStatus status(String name) {
        return cluster.find(namespace, name)
                .map(Workspace::getStatus)
                .orElseThrow(() -> new AssertionError("There is no status yet"));
    }

    private Condition condition(String name, String type) {
        return cluster.condition(namespace, name, type)
                .orElseThrow(() -> new AssertionError("There is no " + type + " yet"));
    }

    private List<String> events(String name) {
        return cluster.client().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> name.equals(event.getInvolvedObject().getName()))
                .map(Event::getReason)
                .toList();
    }
}
