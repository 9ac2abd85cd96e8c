package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease that one replica holds: it writes statuses and lets objects go, so that nobody is contradicted. */
public final class Leadership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    static final String LEASE = "kaitoflow-control";
    private static final String STRIKE_OUT = """
            [{"op": "test", "path": "/spec/holderIdentity", "value": "%s"},
             {"op": "remove", "path": "/spec/holderIdentity"}]
            """;
    static final Duration LEASE_LASTS = Duration.ofSeconds(15);
    private static final Duration RENEW_WITHIN = Duration.ofSeconds(10);
    private static final Duration TRY_EVERY = Duration.ofSeconds(2);

    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("leadership-", 0).daemon().factory());
    private final KubernetesClient client;
    private final LeaderElectionConfig config;
    private final Runnable won;
    private final Runnable lost;
    private final Installation installation;
    private final String identity;
    private final ObservedLease lease;
    private volatile boolean held;
    private volatile boolean closed;
    private CompletableFuture<?> election = CompletableFuture.completedFuture(null);

    /**
     * @param installation in whose namespace the lease lies, and says what else there is to know of it
     * @param identity of this replica, unique among all
     */
    public Leadership(
            KubernetesClient client, Installation installation, String identity, Runnable won, Runnable lost) {
        this.client = client;
        this.installation = installation;
        this.identity = identity;
        this.won = won;
        this.lost = lost;
        this.lease = new ObservedLease(new LeaseLock(lease(installation), identity), System::nanoTime);
        this.config = new LeaderElectionConfigBuilder()
                .withName(LEASE)
                .withLock(lease)
                .withLeaseDuration(LEASE_LASTS)
                .withRenewDeadline(RENEW_WITHIN)
                .withRetryPeriod(TRY_EVERY)
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(new LeaderCallbacks(
                        this::onWon, this::onLost, leader -> LOG.info("The lease is held by {}", leader)))
                .build();
    }

    private static ObjectMeta lease(Installation installation) {
        return new ObjectMetaBuilder()
                .withNamespace(installation.namespace())
                .withName(LEASE)
                .withAnnotations(installation.annotations())
                .build();
    }

    /** Runs for the lease, and again whenever it was lost. */
    public synchronized void start() {
        if (closed) {
            return;
        }
        // An elector runs once; a lease that was lost needs another.
        election = new LeaderElector(client, config, threads).start();
        var unused = election.whenCompleteAsync((ended, failed) -> start(), threads);
    }

    /** Also false when the elector was kept from saying so, e.g. as its clock was set back. */
    public boolean held() {
        return held && lease.renewedWithin(LEASE_LASTS);
    }

    private void onWon() {
        held = true;
        won.run();
    }

    private void onLost() {
        if (held) {
            LOG.warn("{} does not hold the lease any more", identity);
        }
        held = false;
        lost.run();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            election.cancel(true);
        }
        strikeOut();
        threads.shutdown();
    }

    /** The elector has shortened the lease to a second, but its patch cannot take a name away. */
    private void strikeOut() {
        try {
            client.leases()
                    .inNamespace(installation.namespace())
                    .withName(LEASE)
                    .patch(PatchContext.of(PatchType.JSON), STRIKE_OUT.formatted(identity));
        } catch (KubernetesClientException e) {
            LOG.debug("The lease was not held by {}, or nobody answers; it runs out by itself", identity, e);
        }
    }
}
