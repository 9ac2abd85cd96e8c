package io.kaitoflow.worker.control.hostile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.testcluster.faults.FaultyProxy;
import io.kaitoflow.worker.control.Replica;
import io.kaitoflow.worker.control.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What runs share: API server and Temporal server, a proxy before the former, two replicas of the control plane that see the world
 * through it, and a watch that sees it as it is.
 */
final class Arena implements AutoCloseable {

    private final TestCluster cluster = TestCluster.start();
    private final FaultyProxy proxy = FaultyProxy.before(cluster.server());
    private final KubernetesClient truth = cluster.connect();
    private final ClaimHistory history = new ClaimHistory(truth);
    private final PretendKarpenter karpenter = new PretendKarpenter(truth);
    private final Path logs = Replica.newFolder();
    private final List<Replica> replicas = List.of(
            new Replica(cluster, proxy.kubeconfig(), "one", logs),
            new Replica(cluster, proxy.kubeconfig(), "two", logs));

    TestCluster cluster() {
        return cluster;
    }

    FaultyProxy proxy() {
        return proxy;
    }

    ClaimHistory history() {
        return history;
    }

    PretendKarpenter karpenter() {
        return karpenter;
    }

    /** Where replicas write what they do. */
    Path logs() {
        return logs;
    }

    /** How wrong the clocks of all replicas are from now on. */
    void setClocks(Duration shift) {
        replicas.forEach(replica -> replica.setClock(shift));
    }

    List<Replica> replicas() {
        return replicas;
    }

    @Override
    public void close() {
        // Each is closed although another one would not.
        try (TestCluster _ = cluster;
                FaultyProxy _ = proxy;
                KubernetesClient _ = truth;
                ClaimHistory _ = history;
                PretendKarpenter _ = karpenter) {
            replicas.forEach(Replica::stop);
        }
    }
}
