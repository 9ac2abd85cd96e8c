package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.activities.nodes.karpenter.NodeClaimSpec;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.testcluster.PretendedCloud;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Measures how fast machines are had and refusals are heard. Refusals are given by hand, as Karpenter gives them: an Event, and the
 * claim is gone. Machines are given by Karpenter itself.
 */
final class MachineBars {

    private static final String WORKSPACES = "/apis/kaito.sh/v1beta1/namespaces/default/workspaces";
    private static final String KIND = "Standard_NC24ads_A100_v4";

    /** Each is asked for once: what was refused is remembered. */
    private static final List<String> REFUSED = List.of(
            "Standard_NV36ads_A10_v5",
            "Standard_NV72ads_A10_v5",
            "Standard_NC48ads_A100_v4",
            "Standard_NC96ads_A100_v4",
            "Standard_NC40ads_H100_v5",
            "Standard_NC80adis_H100_v5",
            "Standard_ND96amsr_A100_v4",
            "Standard_ND96asr_v4");

    private static final String SERVING = """
            {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace",
             "metadata": {"name": "%s", "annotations": {"kaito.sh/instance-types": "%s"}},
             "resource": {"instanceType": "%s", "labelSelector": {"matchLabels": {"apps": "bars"}}},
             "inference": {"preset": {"name": "smollm2-135m-instruct"}}}
            """;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int AT_ONCE = 100;

    private final TestCluster cluster;
    private final Map<String, Long> refusedAt = new ConcurrentHashMap<>();
    private final Map<String, Long> saidAt = new ConcurrentHashMap<>();
    private final Map<String, Long> nextAskedAt = new ConcurrentHashMap<>();
    private final Map<String, Long> leasedAt = new ConcurrentHashMap<>();

    MachineBars(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Prints one line a bar. */
    void measure() throws InterruptedException, ExecutionException {
        Map<String, String> environment = Map.of(
                "KAITOFLOW_NODE_CLASS",
                String.join("/", PretendedCloud.CLASS_GROUP, PretendedCloud.CLASS_KIND, PretendedCloud.CLASS_NAME),
                // It is never started: there is no kubelet.
                "KAITOFLOW_RUNTIME_IMAGE_CUDA",
                "registry.example/runtime:1");
        try (MeasuredPlane plane = MeasuredPlane.start(cluster, List.of(), environment);
                var claims = cluster.client().resources(NodeClaim.class).inform(new Claims());
                var workspaces = cluster.client()
                        .resources(Workspace.class)
                        .inNamespace("default")
                        .inform(new Statuses())) {
            assertThat(claims.isRunning() && workspaces.isRunning()).isTrue();
            plane.readyAfter();
            refusals();
            try (PretendedCloud cloud = PretendedCloud.start(cluster.server(), Map.of(KIND, 1))) {
                assertThat(leased()).as(cloud::lastWords).isEqualTo(AT_ONCE);
            }
        }
    }

    private void refusals() throws InterruptedException {
        for (String kind : REFUSED) {
            assertThat(create(nameOf(kind), kind, KIND)).isTrue();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> saidAt.containsKey(nameOf(kind)) && nextAskedAt.containsKey(nameOf(kind)));
            TimeUnit.MILLISECONDS.sleep(500);
        }
        ControlPlaneBars.say(
                "of %d refusals, from the provider's answer to the status: %s; to the claim of the next kind: %s",
                REFUSED.size(), after(saidAt), after(nextAskedAt));
    }

    private String after(Map<String, Long> moments) {
        List<Long> millis = REFUSED.stream()
                .map(MachineBars::nameOf)
                .map(name -> TimeUnit.NANOSECONDS.toMillis(
                        moments.getOrDefault(name, 0L) - refusedAt.getOrDefault(name, 0L)))
                .sorted()
                .toList();
        return "p50 " + millis.get(millis.size() / 2) + " ms, worst " + millis.getLast() + " ms";
    }

    private long leased() throws InterruptedException, ExecutionException {
        List<String> names =
                IntStream.range(0, AT_ONCE).mapToObj(i -> "leased-" + i).toList();
        long start = System.nanoTime();
        Burst.of(AT_ONCE, i -> create(names.get(i), KIND, KIND));
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> leasedAt.keySet().containsAll(names));
        ControlPlaneBars.say(
                "%d at once with Karpenter: %s",
                AT_ONCE,
                Burst.told("have their machine", start, names.stream().map(name -> leasedAt.getOrDefault(name, 0L))));
        return cluster.claims().stream()
                .filter(claim -> owner(claim).startsWith("leased-"))
                .count();
    }

    private boolean create(String name, String kind, String next) {
        return cluster.client().raw(WORKSPACES, "POST", SERVING.formatted(name, next, kind)) != null;
    }

    private static String nameOf(String kind) {
        return kind.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String owner(NodeClaim claim) {
        return claim.getMetadata().getLabels().getOrDefault("kaito.sh/workspace", "");
    }

    private static String kind(NodeClaim claim) {
        return Optional.ofNullable(claim.getSpec()).map(NodeClaimSpec::requirements).orElse(List.of()).stream()
                .filter(requirement -> requirement.key().equals("node.kubernetes.io/instance-type"))
                .map(requirement -> requirement.values().getFirst())
                .findFirst()
                .orElse("");
    }

    /** As Karpenter does where a cloud says that it has none, or that no more of it may be had. */
    private void refuse(NodeClaim claim) {
        cluster.client()
                .resource(new EventBuilder()
                        .withNewMetadata()
                        .withName(claim.getMetadata().getName() + ".refused")
                        .withNamespace("default")
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withKind("NodeClaim")
                        .withName(claim.getMetadata().getName())
                        .withUid(claim.getMetadata().getUid())
                        .endInvolvedObject()
                        .withType("Warning")
                        .withReason("InsufficientCapacityError")
                        .withMessage("Quota of " + kind(claim) + " is used up")
                        .withLastTimestamp(
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .build())
                .create();
        refusedAt.put(owner(claim), System.nanoTime());
        cluster.client().resource(claim).delete();
    }

    private final class Claims implements ResourceEventHandler<NodeClaim> {

        @Override
        public void onAdd(NodeClaim claim) {
            if (REFUSED.contains(kind(claim))) {
                refuse(claim);
            } else {
                nextAskedAt.putIfAbsent(owner(claim), System.nanoTime());
            }
        }

        @Override
        public void onUpdate(NodeClaim before, NodeClaim now) {
            // What becomes of it is read from the status of its workspace.
        }

        @Override
        public void onDelete(NodeClaim claim, boolean stateUnknown) {
            // The same.
        }
    }

    private final class Statuses implements ResourceEventHandler<Workspace> {

        @Override
        public void onAdd(Workspace workspace) {
            // It says nothing yet.
        }

        @Override
        public void onUpdate(Workspace before, Workspace now) {
            Optional.ofNullable(now.getStatus()).ifPresent(status -> {
                String name = now.getMetadata().getName();
                if (!status.attempts().isEmpty()) {
                    saidAt.putIfAbsent(name, System.nanoTime());
                }
                if (!status.workerNodes().isEmpty()) {
                    leasedAt.putIfAbsent(name, System.nanoTime());
                }
            });
        }

        @Override
        public void onDelete(Workspace workspace, boolean stateUnknown) {
            // None goes.
        }
    }
}
