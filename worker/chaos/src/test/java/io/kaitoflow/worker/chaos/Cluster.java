package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.reconcile.ClusterClient;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Karpenter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.awaitility.Awaitility;

/** A real API server, and stand-ins for what would act on its objects beside us: Karpenter, scheduler, kubelets, deployment controller. */
final class Cluster implements AutoCloseable {

    private static final Path DEFINITION =
            Path.of("..", "..", "helm", "crds", "workspaces.kaito.sh.yaml").toAbsolutePath();
    private static final int LOOK_AGAIN_MILLIS = 300;

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient client;
    private final PretendKarpenter karpenter;
    private final PretendKubelet kubelet;
    private final PretendDeployments deployments;
    private final Watched watched;
    private final ReentrantLock acting = new ReentrantLock();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("stand-ins").daemon().factory());

    /** @param disks of pods */
    Cluster(Path disks) {
        server.kubectl()
                .run(
                        "apply",
                        "--server-side",
                        "-f",
                        DEFINITION.toString(),
                        "-f",
                        Karpenter.nodeClaims().toString())
                .orFail();
        server.kubectl()
                .run("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
                .orFail();
        client = ClusterClient.prepared(new KubernetesClientBuilder().withConfig(server.clientConfig()))
                .build();
        client.getKubernetesSerialization().registerKubernetesResource(NodeClaim.class);
        karpenter = new PretendKarpenter(client);
        kubelet = new PretendKubelet(client, disks);
        deployments = new PretendDeployments(client);
        Awaitility.await("the definitions to be served")
                .atMost(Duration.ofMinutes(1))
                .ignoreException(KubernetesClientException.class)
                .until(() -> client.resources(Workspace.class).list() != null && karpenter.claims() != null);
        watched = new Watched(client);
        var unused = loop.scheduleWithFixedDelay(this::act, 0, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    ApiServer server() {
        return server;
    }

    KubernetesClient client() {
        return client;
    }

    PretendKarpenter karpenter() {
        return karpenter;
    }

    PretendKubelet kubelet() {
        return kubelet;
    }

    PretendDeployments deployments() {
        return deployments;
    }

    Watched watched() {
        return watched;
    }

    /** Asks the API server. */
    Optional<Workspace> find(Job job) {
        return Optional.ofNullable(client.resources(Workspace.class)
                .inNamespace(job.namespace())
                .withName(job.name())
                .get());
    }

    /** The machines of a workspace go, with their disks and all that runs there; says how many there were. */
    int loseMachines(String uid) {
        acting.lock();
        try {
            kubelet.disks(uid).forEach(PodProcess::wipe);
            var lost = karpenter.claims().stream()
                    .filter(claim -> PretendKarpenter.owner(claim).equals(uid))
                    .toList();
            lost.forEach(karpenter::lose);
            return lost.size();
        } finally {
            acting.unlock();
        }
    }

    /** An API server that is away, or somebody who was faster, is no reason to stop: the next look sees what is left to do. */
    private void act() {
        acting.lock();
        try {
            karpenter.look(watched.claims());
            kubelet.look(watched.tuners(), watched.nodes());
            deployments.look(watched.deployments());
        } catch (KubernetesClientException | UncheckedIOException nextTime) {
            // It is all done again in a moment.
        } finally {
            acting.unlock();
        }
    }

    @Override
    public void close() {
        loop.shutdownNow();
        kubelet.close();
        watched.close();
        client.close();
        server.close();
    }
}
