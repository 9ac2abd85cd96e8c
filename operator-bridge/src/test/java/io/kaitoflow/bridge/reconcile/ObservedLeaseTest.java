package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ObservedLeaseTest {

    private static final Duration LASTS = Duration.ofSeconds(15);

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    private long nanos;
    private final LeaseLock theirs = new LeaseLock("default", "lease", "they");
    private final ObservedLease ours = new ObservedLease(new LeaseLock("default", "lease", "we"), () -> nanos);

    @BeforeEach
    void theyHoldIt() {
        theirs.create(client, held("they", ZonedDateTime.now()));
    }

    @Test
    void aLeaseOfAReplicaWhoseClockIsAnHourBehindIsInForce() {
        theirs.update(client, held("they", ZonedDateTime.now().minusHours(1)));

        assertThat(expired()).isFalse();
    }

    @Test
    void aLeaseThatNobodyRenewsRunsOutByOurOwnClock() {
        theirs.update(client, held("they", ZonedDateTime.now().plusHours(1)));
        assertThat(expired()).isFalse();

        pass(LASTS.plusSeconds(1));

        assertThat(expired()).isTrue();
    }

    @Test
    void eachRenewalMakesItYoung() {
        assertThat(expired()).isFalse();
        pass(LASTS.minusSeconds(1));
        theirs.update(client, held("they", ZonedDateTime.now().minusMinutes(30)));

        assertThat(expired()).isFalse();
        pass(Duration.ofSeconds(5));

        assertThat(expired()).isFalse();
    }

    @Test
    void ourOwnIsOldWhenItCouldNotBeRenewed() {
        var before = ours.get(client);
        ours.update(client, held("we", Objects.requireNonNull(before).getAcquireTime()));
        assertThat(ours.renewedWithin(LASTS)).isTrue();

        pass(LASTS);

        assertThat(ours.renewedWithin(LASTS)).isFalse();
    }

    /** As the elector judges. */
    private boolean expired() {
        LeaderElectionRecord record = Objects.requireNonNull(ours.get(client));
        return ZonedDateTime.now().isAfter(record.getRenewTime().plus(record.getLeaseDuration()));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static LeaderElectionRecord held(String by, ZonedDateTime renewed) {
        return new LeaderElectionRecord(by, LASTS, renewed, renewed, 1);
    }
}
