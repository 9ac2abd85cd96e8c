package io.kaitoflow.worker.control.hostile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.testcluster.faults.FaultyProxy;
import io.kaitoflow.worker.control.Replica;
import io.kaitoflow.worker.control.TestCluster;
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
    private final MovableClock clock = new MovableClock();
    private final List<Replica> replicas = List.of(
            new Replica(cluster, proxy.clientConfig(), "one", clock),
            new Replica(cluster, proxy.clientConfig(), "two", clock));

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

    MovableClock clock() {
        return clock;
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
