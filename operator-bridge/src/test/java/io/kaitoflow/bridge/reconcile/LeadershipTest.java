package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class LeadershipTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    private final Installation installation =
            new Installation("default", "control", "north", new WatchedNamespaces(Set.of("team-a", "team-b")));
    private final List<String> news = new CopyOnWriteArrayList<>();

    @Test
    void theLeaseSaysWhoseItIs() {
        try (Leadership leadership = new Leadership(client, installation, "me", () -> {}, () -> {})) {
            leadership.start();
            await().atMost(PATIENCE).until(leadership::held);
        }

        ObjectMeta lease = client.leases()
                .inNamespace("default")
                .withName("kaitoflow-control")
                .get()
                .getMetadata();
        assertThat(Installation.of(lease)).hasValue(installation);
    }

    @Test
    void aLeaseThatWasLostIsWonAgain() {
        try (Leadership leadership =
                new Leadership(client, installation, "me", () -> news.add("won"), () -> news.add("lost"))) {
            leadership.start();
            await().atMost(PATIENCE).until(leadership::held);

            hold("somebody else", 3);
            await().atMost(PATIENCE).until(() -> !leadership.held());

            await().atMost(PATIENCE).until(leadership::held);
            assertThat(news).startsWith("won", "lost").endsWith("won");
        }
    }

    /** What an elector elsewhere writes; ours may write at the same moment, and the later one is refused. */
    private void hold(String identity, int seconds) {
        await().atMost(PATIENCE)
                .ignoreException(KubernetesClientException.class)
                .until(() -> client.leases()
                                .inNamespace("default")
                                .withName("kaitoflow-control")
                                .edit(lease -> taken(lease, identity, seconds))
                        != null);
    }

    private static Lease taken(Lease lease, String identity, int seconds) {
        lease.getSpec().setHolderIdentity(identity);
        lease.getSpec().setLeaseDurationSeconds(seconds);
        lease.getSpec().setRenewTime(ZonedDateTime.now());
        return lease;
    }
}
