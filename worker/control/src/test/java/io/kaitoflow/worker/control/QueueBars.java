package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Measures a namespace with a cap: a hundred workspaces at once, and how fast what is given back is somebody else's. */
final class QueueBars {

    private static final String WORKSPACES = "/apis/kaito.sh/v1beta1/namespaces/default/workspaces";

    private static final String SERVING = """
            {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": "%s"},
             "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "bars"}}},
             "inference": {"preset": {"name": "smollm2-135m-instruct"}}}
            """;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int AT_ONCE = 100;
    private static final int CAP = 8;
    private static final int GIVEN_BACK = 20;

    private final TestCluster cluster;
    private final Deque<String> holders = new ConcurrentLinkedDeque<>();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Map<String, Long> claimedAt = new ConcurrentHashMap<>();
    private final Map<String, Long> goneAt = new ConcurrentHashMap<>();

    QueueBars(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Prints one line a bar. */
    void measure() throws InterruptedException, ExecutionException {
        Map<String, String> caps = Map.of("KAITOFLOW_QUOTAS", "{\"default\":{\"gpus\":" + CAP + "}}");
        try (MeasuredPlane plane = MeasuredPlane.start(cluster, List.of(), caps);
                var claims = cluster.client().resources(NodeClaim.class).inform(new Claims())) {
            assertThat(claims.isRunning()).isTrue();
            plane.readyAfter();
            long start = System.nanoTime();
            Burst.of(AT_ONCE, i -> create("queued-" + i));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> places().size() == AT_ONCE - CAP && held.get() == CAP);
            ControlPlaneBars.say(
                    "%d at once, %d may: all claimed or told their place after %.1f s",
                    AT_ONCE, CAP, (System.nanoTime() - start) / 1e9);
            List<Long> millis = giveBack();
            ControlPlaneBars.say(
                    "of %d given back, from the claim's end to the next claim: p50 %d ms, worst %d ms",
                    GIVEN_BACK, millis.get(millis.size() / 2), millis.getLast());
            ControlPlaneBars.say("most claims at once %d", most.get());
            assertThat(most.get()).isEqualTo(CAP);
        }
    }

    private List<Long> giveBack() throws InterruptedException {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < GIVEN_BACK; i++) {
            Set<String> before = Set.copyOf(claimedAt.keySet());
            String holder = holders.removeFirst();
            long gone = delete(holder);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> claimedAt.size() > before.size());
            long next = claimedAt.entrySet().stream()
                    .filter(claim -> !before.contains(claim.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .min()
                    .orElseThrow();
            millis.add(TimeUnit.NANOSECONDS.toMillis(next - gone));
            TimeUnit.MILLISECONDS.sleep(500);
        }
        return millis.stream().sorted().toList();
    }

    /** Returns when its claim was gone. */
    private long delete(String holder) {
        cluster.client()
                .resources(Workspace.class)
                .inNamespace("default")
                .withName(holder)
                .delete();
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> goneAt.containsKey(holder));
        return goneAt.getOrDefault(holder, 0L);
    }

    private Set<String> places() {
        return cluster.client().resources(Workspace.class).inNamespace("default").list().getItems().stream()
                .map(Workspace::getStatus)
                .flatMap(status -> Optional.ofNullable(status).stream())
                .filter(status -> "Queued".equals(status.phase()))
                .flatMap(status -> Optional.ofNullable(status.progress()).stream())
                .map(WorkspaceStatus.Progress::text)
                .map(text -> text.replaceFirst(" of .*", ""))
                .collect(Collectors.toSet());
    }

    private boolean create(String name) {
        return cluster.client().raw(WORKSPACES, "POST", SERVING.formatted(name)) != null;
    }

    private static String owner(NodeClaim claim) {
        return claim.getMetadata().getLabels().getOrDefault("kaito.sh/workspace", "");
    }

    private final class Claims implements ResourceEventHandler<NodeClaim> {

        @Override
        public void onAdd(NodeClaim claim) {
            String owner = owner(claim);
            most.accumulateAndGet(held.incrementAndGet(), Math::max);
            claimedAt.put(owner, System.nanoTime());
            holders.addLast(owner);
        }

        @Override
        public void onUpdate(NodeClaim before, NodeClaim now) {
            // Only the first and the last of it are measured.
        }

        @Override
        public void onDelete(NodeClaim claim, boolean stateUnknown) {
            held.decrementAndGet();
            goneAt.put(owner(claim), System.nanoTime());
        }
    }
}
