package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.bridge.reconcile.BridgePace;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** One replica of the control plane, in this process: stopped in order or without a good-bye, and started anew. */
public final class Replica implements AutoCloseable {

    private static final BridgePace PACE =
            new BridgePace(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private static final int RETRIES = 10;

    private record Life(KubernetesClient client, ControlPlane plane) {}

    private final TestCluster cluster;
    private final Config way;
    private final String identity;
    private final Clock clock;
    private Optional<Life> life = Optional.empty();

    /** @param way to the API server; retried as often as clients do by themselves */
    public Replica(TestCluster cluster, Config way, String identity, Clock clock) {
        this.cluster = cluster;
        this.way = new ConfigBuilder(way).withRequestRetryBackoffLimit(RETRIES).build();
        this.identity = identity;
        this.clock = clock;
    }

    /** Starts it if it is not running. */
    public void start() {
        if (life.isEmpty()) {
            KubernetesClient client = TestCluster.connect(way);
            life = Optional.of(new Life(client, new ControlPlane(cluster.settings(identity), client, PACE, clock)));
        }
    }

    public boolean running() {
        return life.isPresent();
    }

    /** Whether it holds the lease. */
    public boolean leads() {
        return life.filter(now -> now.plane().leads()).isPresent();
    }

    /** Stops it as SIGTERM does: the lease is given back. */
    public void stop() {
        life.ifPresent(now -> {
            now.plane().close();
            now.client().close();
        });
        life = Optional.empty();
    }

    /** The API server hears nothing of its end, so the lease stays until it expires. */
    public void abandon() {
        life.ifPresent(now -> {
            now.client().close();
            now.plane().close();
        });
        life = Optional.empty();
    }

    /** Starts it anew when its own probe would have it so; says whether that was needed. */
    public boolean revived() {
        boolean sick = life.filter(now -> !now.plane().dead().isEmpty()).isPresent();
        if (sick) {
            stop();
            start();
        }
        return sick;
    }

    @Override
    public void close() {
        stop();
    }
}
