package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.reconcile.BridgePace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that go under a server, on a real API server and a real Temporal server; Karpenter and the controllers are played. */
class LostMachineIT {

    private static final BridgePace PACE =
            new BridgePace(Duration.ofMinutes(5), Duration.ofSeconds(2), Duration.ofSeconds(1));

    private static RunningControlPlane running;
    private static TestCluster cluster;

    @TempDir
    private Path folder = Path.of("");

    private String namespace = "";

    @BeforeAll
    static void start() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(120));
        running = RunningControlPlane.start("lost", PACE, TestCluster.RUNTIME);
        cluster = running.cluster();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @BeforeEach
    void serve() throws IOException {
        namespace = cluster.server().newNamespace();
        Path file = Files.writeString(folder.resolve("served.yaml"), TestCluster.serving("served", namespace));
        cluster.server().kubectl().run("apply", "-f", file.toString()).orFail();
    }

    @Test
    void aClaimThatIsDeletedByHandUnderAServerIsReplacedByExactlyOne() {
        Queue<String> made = new ConcurrentLinkedQueue<>();
        try (var watch = cluster.client().resources(NodeClaim.class).inform(new Arrivals(made))) {
            assertThat(watch.isRunning()).isTrue();
            NodeClaim first = awaitClaimOtherThan("");
            cluster.fulfil(first);
            String server = awaitServerOtherThan("");
            awaitReady("True");

            takeAway(first);

            NodeClaim second = awaitClaimOtherThan(nameOf(first));
            awaitReady("False");
            assertThat(condition("InferenceReady")).isEqualTo("False");
            assertThat(status().workerNodes()).isEmpty();
            assertThat(status().attempts())
                    .anySatisfy(attempt -> assertThat(attempt.answer())
                            .contains(
                                    "The machine was lost.",
                                    nameOf(first),
                                    "is gone although nobody of ours deleted it"));
            cluster.fulfil(second);
            awaitServerOtherThan(server);
            awaitReady("True");
            assertThat(status().workerNodes()).containsExactly("node-" + nameOf(second));
            assertThat(made).containsExactly(nameOf(first), nameOf(second));
        }
    }

    @Test
    void aMachineThatIsSilentForAMomentIsNotCalledReadyMeanwhileAndIsKept() {
        NodeClaim claim = awaitClaimOtherThan("");
        cluster.fulfil(claim);
        awaitServerOtherThan("");
        awaitReady("True");

        cluster.say("node-" + nameOf(claim), "Unknown");
        awaitReady("False");
        await().untilAsserted(() -> assertThat(message("WorkspaceReady")).contains("does not answer"));
        cluster.say("node-" + nameOf(claim), "True");

        awaitReady("True");
        assertThat(cluster.claimsOf(uid())).extracting(LostMachineIT::nameOf).containsExactly(nameOf(claim));
    }

    /** As when a person deletes the claim, or the cloud takes a spot machine. */
    private static void takeAway(NodeClaim claim) {
        cluster.server()
                .kubectl()
                .run("delete", "nodeclaim", nameOf(claim), "--wait=false")
                .orFail();
        cluster.server()
                .kubectl()
                .run("delete", "node", "node-" + nameOf(claim))
                .orFail();
    }

    private NodeClaim awaitClaimOtherThan(String name) {
        return await().until(
                        () -> cluster.claimsOf(uid()).stream()
                                .filter(claim -> !nameOf(claim).equals(name))
                                .findFirst()
                                .orElse(null),
                        claim -> claim != null);
    }

    /** Says what controllers and kubelet say of a server that is up, and returns its identity. */
    private String awaitServerOtherThan(String before) {
        Deployment server = await().until(
                        () -> deployment().orElse(null),
                        found -> found != null
                                && !found.getMetadata().getUid().equals(before)
                                && !found.isMarkedForDeletion());
        PlayedControllers.rollOut(cluster.client(), server, 1);
        return server.getMetadata().getUid();
    }

    private Optional<Deployment> deployment() {
        return Optional.ofNullable(cluster.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName("served")
                .get());
    }

    private void awaitReady(String status) {
        await().untilAsserted(() -> assertThat(condition("WorkspaceReady")).isEqualTo(status));
    }

    private String condition(String type) {
        return cluster.condition(namespace, "served", type)
                .map(Condition::getStatus)
                .orElse("not said");
    }

    private String message(String type) {
        return cluster.condition(namespace, "served", type)
                .map(Condition::getMessage)
                .orElse("not said");
    }

    private WorkspaceStatus status() {
        return cluster.find(namespace, "served")
                .map(Workspace::getStatus)
                .orElseThrow(() -> new AssertionError("There is no status yet"));
    }

    private String uid() {
        return cluster.find(namespace, "served")
                .map(found -> found.getMetadata().getUid())
                .orElse("");
    }

    private static String nameOf(NodeClaim claim) {
        return claim.getMetadata().getName();
    }

    /** Writes down each claim of the workspace that is made. */
    private final class Arrivals implements ResourceEventHandler<NodeClaim> {

        private final Queue<String> made;

        private Arrivals(Queue<String> made) {
            this.made = made;
        }

        @Override
        public void onAdd(NodeClaim claim) {
            if (namespace.equals(claim.getMetadata().getLabels().get("kaito.sh/workspacenamespace"))) {
                made.add(nameOf(claim));
            }
        }

        @Override
        public void onUpdate(NodeClaim before, NodeClaim now) {
            // Only how many are made is of interest.
        }

        @Override
        public void onDelete(NodeClaim claim, boolean stateUnknown) {
            // Only how many are made is of interest.
        }
    }
}
