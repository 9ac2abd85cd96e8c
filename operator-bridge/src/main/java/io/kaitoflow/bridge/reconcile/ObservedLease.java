package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lease whose age is measured here, from when its newest renewal was first seen, as client-go does: the elector compares the time
 * in it with its own clock, and a replica whose clock is an hour ahead would take a lease that is in force.
 */
final class ObservedLease implements Lock {

    private final Lock lease;
    private final LongSupplier nanos;
    private @Nullable LeaderElectionRecord seen;
    private long seenAt;
    private long renewedAt;

    /** @param nanos a clock that nobody sets */
    ObservedLease(Lock lease, LongSupplier nanos) {
        this.lease = lease;
        this.nanos = nanos;
    }

    @Override
    public synchronized @Nullable LeaderElectionRecord get(KubernetesClient client) {
        LeaderElectionRecord now = lease.get(client);
        if (!Objects.equals(now, seen)) {
            seen = now;
            seenAt = nanos.getAsLong();
        }
        return now == null ? null : aged(now, since(seenAt));
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord record) {
        long asked = nanos.getAsLong();
        lease.create(client, record);
        renewed(asked);
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord record) {
        long asked = nanos.getAsLong();
        lease.update(client, record);
        renewed(asked);
    }

    /** Whether it was renewed by us so lately that nobody else can have taken it. */
    synchronized boolean renewedWithin(Duration duration) {
        return since(renewedAt).compareTo(duration) < 0;
    }

    @Override
    public String identity() {
        return lease.identity();
    }

    @Override
    public String describe() {
        return lease.describe();
    }

    private synchronized void renewed(long asked) {
        renewedAt = asked;
    }

    private Duration since(long then) {
        return Duration.ofNanos(nanos.getAsLong() - then);
    }

    private static LeaderElectionRecord aged(LeaderElectionRecord record, Duration age) {
        return new LeaderElectionRecord(
                record.getHolderIdentity(),
                record.getLeaseDuration(),
                record.getAcquireTime(),
                ZonedDateTime.now(ZoneOffset.UTC).minus(age),
                record.getLeaderTransitions());
    }
}
