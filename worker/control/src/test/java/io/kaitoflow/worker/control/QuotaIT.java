package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.reconcile.BridgePace;
import io.kaitoflow.bridge.reconcile.BridgeTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A namespace with a cap, on a real API server and a real Temporal server; by every claim that there ever is it is held to. */
class QuotaIT {

    private static final BridgePace PACE =
            new BridgePace(Duration.ofMinutes(5), Duration.ofSeconds(2), Duration.ofSeconds(1));

    private static final int WORKSPACES = 6;

    @TempDir
    private Path folder = Path.of("");

    private String namespace = "";

    @Test
    void beyondTheCapTheyWaitInOrderAndARaisedCapLetsThemIn() throws IOException {
        try (TestCluster cluster = TestCluster.start();
                KubernetesClient client = cluster.connect()) {
            namespace = cluster.server().newNamespace();
            try (ControlPlane plane = plane(cluster, client, 2)) {
                apply(cluster);
                patiently().untilAsserted(() -> assertThat(places(cluster)).containsExactly(1, 2, 3, 4));
                assertThat(plane.queues()).singleElement().satisfies(queue -> {
                    assertThat(queue.used().gpus()).isEqualTo(2);
                    assertThat(queue.waiting()).isEqualTo(4);
                });
                // Who waits is told beside the claims of who does not.
                patiently().untilAsserted(() -> assertThat(cluster.claims()).hasSize(2));
                String first = at(cluster, 1);

                delete(cluster, holder(cluster));

                patiently().untilAsserted(() -> assertThat(places(cluster)).containsExactly(1, 2, 3));
                patiently()
                        .untilAsserted(() -> assertThat(cluster.claims())
                                .hasSize(2)
                                .anyMatch(claim -> owner(claim).equals(first)));

                delete(cluster, at(cluster, 2));
                patiently().untilAsserted(() -> assertThat(places(cluster)).containsExactly(1, 2));
            }
            try (ControlPlane plane = plane(cluster, client, 4)) {
                patiently().untilAsserted(() -> assertThat(cluster.claims()).hasSize(4));
                patiently()
                        .untilAsserted(() -> assertThat(plane.queues())
                                .singleElement()
                                .satisfies(queue -> assertThat(queue.waiting()).isZero()));
                delete(cluster, "--all");
                patiently().untilAsserted(() -> assertThat(cluster.claims()).isEmpty());
                patiently().untilAsserted(() -> assertThat(plane.queues()).isEmpty());
            }
        }
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofMinutes(2));
    }

    private static ControlPlane plane(TestCluster cluster, KubernetesClient client, int gpus) {
        ControlSettings usual = cluster.settings("quota");
        Map<String, String> caps = Map.of("KAITOFLOW_QUOTAS", "{\"default\":{\"gpus\":" + gpus + "}}");
        ControlSettings settings = new ControlSettings(
                usual.temporal(),
                usual.access(),
                usual.kubeconfig(),
                usual.installation(),
                usual.identity(),
                MachineSettings.from(caps, usual.installation().namespace()),
                usual.allowed(),
                usual.push(),
                usual.rollout(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        ControlPlane plane =
                new ControlPlane(settings, client, PACE, Clock.systemUTC(), new BridgeTimes(lag -> {}, took -> {}));
        patiently().until(plane::leads);
        return plane;
    }

    private void apply(TestCluster cluster) throws IOException {
        String all = IntStream.range(0, WORKSPACES)
                .mapToObj(i -> TestCluster.serving("w" + i, namespace))
                .collect(Collectors.joining("---\n"));
        Path file = Files.writeString(folder.resolve("all.yaml"), all);
        cluster.server().kubectl().run("apply", "-f", file.toString()).orFail();
    }

    private void delete(TestCluster cluster, String which) {
        cluster.server()
                .kubectl()
                .run("delete", "workspace", which, "-n", namespace, "--wait=false")
                .orFail();
    }

    /** What those that wait read, sorted; everybody else has a claim. */
    private List<Integer> places(TestCluster cluster) {
        assertThat(cluster.claims().size()).isLessThanOrEqualTo(2);
        return workspaces(cluster).stream()
                .map(QuotaIT::place)
                .filter(place -> place > 0)
                .sorted()
                .toList();
    }

    private String at(TestCluster cluster, int place) {
        return workspaces(cluster).stream()
                .filter(workspace -> place(workspace) == place)
                .map(workspace -> workspace.getMetadata().getName())
                .findFirst()
                .orElseThrow();
    }

    private List<Workspace> workspaces(TestCluster cluster) {
        return cluster.client()
                .resources(Workspace.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    /** {@code … Waits for its turn: place 1 of 4 in namespace …}; 0 for one that does not wait. */
    private static int place(Workspace workspace) {
        return Optional.ofNullable(workspace.getStatus())
                .filter(status -> "Queued".equals(status.phase()))
                .map(QuotaIT::sentence)
                .map(sentence -> Integer.parseInt(sentence.replaceFirst(".*: place (\\d+) of .*", "$1")))
                .orElse(0);
    }

    private static String sentence(WorkspaceStatus status) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals("ResourceReady"))
                .map(Condition::getMessage)
                .findFirst()
                .orElse("");
    }

    private static String holder(TestCluster cluster) {
        return cluster.claims().stream()
                .map(QuotaIT::owner)
                .sorted()
                .findFirst()
                .orElseThrow();
    }

    private static String owner(NodeClaim claim) {
        return Objects.requireNonNull(claim.getMetadata().getLabels().get("kaito.sh/workspace"));
    }
}
