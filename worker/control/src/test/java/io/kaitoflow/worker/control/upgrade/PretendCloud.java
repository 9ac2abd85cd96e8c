package io.kaitoflow.worker.control.upgrade;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.worker.control.PlayedControllers;
import io.kaitoflow.worker.control.TestCluster;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Karpenter, kubelets and the deployment controller in one: everything comes up at once, but for workspaces that stand before that. It
 * writes down every claim that was ever made.
 */
final class PretendCloud implements AutoCloseable {

    private static final String OWNER = "kaito.sh/workspace";
    private static final int LOOK_AGAIN_MILLIS = 200;
    private static final Set<Stand> WITHOUT_MACHINE = Set.of(Stand.PROVISIONING, Stand.CANCELLED);
    private static final Set<Stand> WITHOUT_SERVER = Set.of(Stand.ROLLING_OUT);

    private final TestCluster cluster;
    private final KubernetesClient client;
    private final SharedIndexInformer<NodeClaim> watch;
    private final Map<String, Set<String>> claims = new ConcurrentSkipListMap<>();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("cloud").daemon().factory());
    private volatile boolean generous;

    PretendCloud(TestCluster cluster) {
        this.cluster = cluster;
        this.client = cluster.connect();
        this.watch = client.resources(NodeClaim.class).inform(new Recorder());
        var unused = loop.scheduleWithFixedDelay(this::look, 0, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Nobody waits for a machine or a server any longer. */
    void release() {
        generous = true;
    }

    /** All claims, by their own ids, that were ever made for a workspace. */
    Set<String> claimsOf(String workspace) {
        return new TreeSet<>(claims.getOrDefault(workspace, Set.of()));
    }

    /** Told by a watch, so that none is missed that came and went between two looks. */
    private void record(NodeClaim claim) {
        claims.computeIfAbsent(owner(claim), name -> new ConcurrentSkipListSet<>())
                .add(claim.getMetadata().getUid());
    }

    private void look() {
        try {
            client.resources(NodeClaim.class).list().getItems().forEach(this::serve);
            client.pods().inAnyNamespace().withLabel("kaito.sh/role", "tuner").list().getItems().stream()
                    .filter(pod -> !"Running".equals(phase(pod)))
                    .forEach(this::run);
            client.apps().deployments().inAnyNamespace().list().getItems().stream()
                    .filter(server ->
                            !isReady(server) && !stays(server.getMetadata().getName(), WITHOUT_SERVER))
                    .forEach(this::finish);
        } catch (KubernetesClientException nextTime) {
            // Somebody was faster; the next look sees what is left to do.
        }
    }

    private void serve(NodeClaim claim) {
        boolean waiting = claim.getStatus() == null || claim.getStatus().nodeName() == null;
        if (waiting && !claim.isMarkedForDeletion() && !stays(owner(claim), WITHOUT_MACHINE)) {
            cluster.fulfil(claim);
        }
    }

    private boolean stays(String workspace, Set<Stand> stands) {
        return !generous && stands.contains(Stand.of(workspace));
    }

    private static String owner(HasMetadata object) {
        return object.getMetadata().getLabels().getOrDefault(OWNER, "");
    }

    private static String phase(Pod pod) {
        return pod.getStatus() == null ? "" : String.valueOf(pod.getStatus().getPhase());
    }

    private void run(Pod pod) {
        client.resource(new PodBuilder(pod)
                        .withNewStatus()
                        .withPhase("Running")
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
    }

    /** One that another release wrote anew is rolled out anew. */
    private static boolean isReady(Deployment server) {
        return server.getStatus() != null
                && server.getStatus().getReadyReplicas() != null
                && Objects.equals(
                        server.getStatus().getObservedGeneration(),
                        server.getMetadata().getGeneration());
    }

    private void finish(Deployment server) {
        PlayedControllers.rollOut(client, server, 1);
    }

    @Override
    public void close() {
        loop.shutdownNow();
        watch.close();
        client.close();
    }

    private final class Recorder implements ResourceEventHandler<NodeClaim> {

        @Override
        public void onAdd(NodeClaim claim) {
            record(claim);
        }

        @Override
        public void onUpdate(NodeClaim before, NodeClaim now) {
            record(now);
        }

        @Override
        public void onDelete(NodeClaim claim, boolean stateUnknown) {
            record(claim);
        }
    }
}
