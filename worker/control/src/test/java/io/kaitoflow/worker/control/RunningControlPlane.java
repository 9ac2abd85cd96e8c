package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.rollout.cluster.ClusterSettings;
import io.kaitoflow.bridge.reconcile.BridgePace;
import io.kaitoflow.bridge.reconcile.BridgeTimes;
import java.time.Clock;
import java.util.Map;

/** A cluster, and one control plane of this process that looks after it. */
record RunningControlPlane(TestCluster cluster, KubernetesClient client, ControlPlane plane) implements AutoCloseable {

    static RunningControlPlane start(String identity, BridgePace pace) {
        return start(identity, pace, TestCluster.RUNTIME);
    }

    /** @param rollout variables that say how pods are made */
    static RunningControlPlane start(String identity, BridgePace pace, Map<String, String> rollout) {
        TestCluster cluster = TestCluster.start();
        KubernetesClient client = cluster.connect();
        try {
            return new RunningControlPlane(
                    cluster,
                    client,
                    new ControlPlane(
                            cluster.settings(identity, ClusterSettings.from(rollout)),
                            client,
                            pace,
                            Clock.systemUTC(),
                            new BridgeTimes(lag -> {}, took -> {})));
        } catch (RuntimeException neverStarted) {
            client.close();
            cluster.close();
            throw neverStarted;
        }
    }

    @Override
    public void close() {
        // The servers end also when the control plane does not.
        try (TestCluster _ = cluster;
                KubernetesClient _ = client) {
            plane.close();
        }
    }
}
