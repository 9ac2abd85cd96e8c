package io.kaitoflow.activities.nodes.quota;

import static io.kaitoflow.activities.nodes.quota.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class CappedProvisionerTest {

    private static final Duration NEVER = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private static KubernetesClient client;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private static KubernetesMockServer server;

    /** Where the queues of each test lie. */
    private final String place = "test-" + UUID.randomUUID();

    private final PlayedProvider provider = new PlayedProvider();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<NamespaceQueues> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(NamespaceQueues::close);
    }

    @Test
    void whereNothingIsCappedNobodyIsAsked() throws InterruptedException {
        NodeProvisioner machines = replica(new Caps(Optional.empty(), Map.of("other", Claims.gpus(1))));

        machines.claim(claim("a", 8));
        machines.observe(claim("a", 8));
        machines.release(claim("a", 8));

        for (var asked = server.takeRequest(0, TimeUnit.SECONDS);
                asked != null;
                asked = server.takeRequest(0, TimeUnit.SECONDS)) {
            assertThat(asked.getPath()).doesNotContain(place + "/configmaps/");
        }
        assertThat(provider.most()).isEqualTo(8);
    }

    @Test
    void whoIsBeyondTheCapIsToldItsPlaceAndNothingIsClaimed() {
        NodeProvisioner machines = replica(gpus(8));
        machines.claim(claim("a", 4));
        machines.claim(claim("b", 4));

        NodeLease lease = machines.claim(claim("c", 1));

        assertThat(lease.queued()).isTrue();
        assertThat(lease.ready()).isFalse();
        assertThat(lease.waitingFor())
                .contains(
                        "Waits for its turn: place 1 of 1 in namespace team-a, which uses 8 of 8 GPUs; held by a, b.");
        assertThat(provider.holders()).containsExactly("a", "b");
    }

    @Test
    void whatIsGivenBackIsTheNextOnesAndItIsToldSo() {
        NodeProvisioner machines = replica(gpus(8));
        machines.claim(claim("a", 8));
        machines.claim(claim("b", 8));
        machines.claim(claim("c", 8));
        awaitSeen(machines, claim("c", 8));
        told.clear();

        machines.release(claim("a", 8));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains("b", "c"));
        assertThat(machines.claim(claim("c", 8)).waitingFor().orElse("")).contains("place 1 of 1", "held by b.");
        assertThat(machines.claim(claim("b", 8)).ready()).isTrue();
        assertThat(provider.holders()).containsExactly("b");
    }

    @Test
    void aMachineThatDoesNotGoIsCountedUntilItIsGone() {
        NodeProvisioner machines = replica(gpus(8));
        provider.slowToGo(request -> true);
        machines.claim(claim("a", 8));
        machines.claim(claim("b", 8));

        assertThat(machines.release(claim("a", 8))).isFalse();
        assertThat(machines.claim(claim("b", 8)).queued()).isTrue();

        assertThat(machines.release(claim("a", 8))).isTrue();
        assertThat(machines.claim(claim("b", 8)).ready()).isTrue();
        assertThat(provider.most()).isEqualTo(8);
    }

    @Test
    void aHundredAtOnceThroughTwoReplicasAreExactlyTheCap() throws InterruptedException {
        List<NodeProvisioner> replicas = List.of(replica(gpus(8)), replica(gpus(8)));
        List<NodeRequest> claims =
                IntStream.range(0, 100).mapToObj(i -> claim("w" + i, 1)).toList();

        List<NodeLease> leases = new CopyOnWriteArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < claims.size(); i++) {
                NodeRequest claim = claims.get(i);
                NodeProvisioner replica = replicas.get(i % 2);
                threads.execute(() -> leases.add(replica.claim(claim)));
            }
        }

        assertThat(leases).hasSize(100).filteredOn(NodeLease::ready).hasSize(8);
        for (int round = 0; round < 12; round++) {
            replicas.get(round % 2).release(held(claims));
            NodeProvisioner replica = replicas.get((round + 1) % 2);
            claims.forEach(replica::claim);
            assertThat(provider.holders()).hasSize(8).doesNotHaveDuplicates();
        }
        assertThat(provider.most()).isEqualTo(8);
    }

    @Test
    void aRunThatForgotItsPlaceKeepsItAndOneThatNobodyStandsBehindIsSweptWithIt() {
        NodeProvisioner machines = replica(gpus(8));
        machines.claim(claim("a", 8));
        machines.claim(claim("b", 8));
        awaitSeen(machines, claim("b", 8));

        assertThat(machines.held(claim("a", 8).id())).containsExactly(claim("a", 8));
        assertThat(machines.held(claim("b", 8).id())).containsExactly(claim("b", 8));
        assertThat(machines.all()).containsExactlyInAnyOrder(claim("a", 8), claim("b", 8));

        assertThat(machines.release(claim("b", 8))).isTrue();
        machines.claim(claim("c", 8));
        assertThat(machines.claim(claim("c", 8)).waitingFor().orElse("")).contains("place 1 of 1");
    }

    @Test
    void claimsOfTheTimeBeforeTheCapAreCounted() {
        provider.claim(claim("old", 6));
        provider.claim(Claims.in("other", claim("elsewhere", 6)));
        NodeProvisioner machines = replica(new Caps(Optional.empty(), Map.of(Claims.TEAM, Claims.gpus(8))));

        assertThat(machines.claim(claim("a", 4)).waitingFor().orElse("")).contains("uses 6 of 8 GPUs; held by old.");
        machines.release(claim("old", 6));

        assertThat(machines.claim(claim("a", 4)).ready()).isTrue();
    }

    @Test
    void claimsThatAnUncappedReplicaMadeMeanwhileAreCountedWithTheNextSweep() {
        NodeProvisioner machines = replica(gpus(8));
        machines.claim(claim("a", 4));
        provider.claim(claim("unseen", 4));

        machines.all();

        assertThat(machines.claim(claim("b", 1)).waitingFor().orElse("")).contains("uses 8 of 8 GPUs");
        provider.release(claim("unseen", 4));
        machines.all();
        assertThat(machines.claim(claim("b", 1)).ready()).isTrue();
    }

    @Test
    void aLoweredCapEvictsNobodyAndLetsNobodyIn() {
        NodeProvisioner before = replica(gpus(8));
        before.claim(claim("a", 4));
        before.claim(claim("b", 4));

        NodeProvisioner now = replica(gpus(4));

        assertThat(now.claim(claim("b", 4)).ready()).isTrue();
        assertThat(now.observe(claim("a", 4)).ready()).isTrue();
        now.release(claim("a", 4));
        assertThat(now.claim(claim("c", 1)).queued()).isTrue();
        now.release(claim("b", 4));
        assertThat(now.claim(claim("c", 1)).ready()).isTrue();
    }

    @Test
    void aProcessWithARaisedCapTellsThoseThatWait() {
        NodeProvisioner before = replica(gpus(8));
        before.claim(claim("a", 8));
        before.claim(claim("b", 8));
        told.clear();

        NodeProvisioner now = replica(gpus(16));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains("b"));
        assertThat(now.claim(claim("b", 8)).ready()).isTrue();
    }

    @Test
    void whoeverIsHeardByAProcessOfBeforeTheChangeIsToldAgain() {
        NodeProvisioner before = replica(gpus(8));
        before.claim(claim("a", 8));
        before.claim(claim("b", 8));
        replica(gpus(16), Duration.ofMillis(50));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains("b"));

        told.clear();
        assertThat(before.claim(claim("b", 8)).queued()).isTrue();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains("b"));
    }

    @Test
    void aCapThatIsTakenAwayLetsEverybodyInAndLeavesNothingBehind() {
        NodeProvisioner before = replica(gpus(8));
        before.claim(claim("a", 8));
        before.claim(claim("b", 8));

        NodeProvisioner now = replica(Caps.none());

        assertThat(now.claim(claim("b", 8)).ready()).isTrue();
        now.release(claim("a", 8));
        now.release(claim("b", 8));
        assertThat(kept()).isEmpty();
    }

    @Test
    void whatIsMoreThanTheCapIsRefusedAndHoldsNobodyUp() {
        NodeProvisioner machines = replica(gpus(8));
        machines.claim(claim("a", 4));

        assertThatThrownBy(() -> machines.claim(claim("b", 9)))
                .isInstanceOf(NodeException.OverCap.class)
                .hasMessageContaining("is 9 GPUs, and namespace team-a may use 8 GPUs at once");
        assertThat(machines.claim(claim("c", 4)).ready()).isTrue();
    }

    @Test
    void aSecondMachineThatCouldOnlyWaitForTheFirstIsRefused() {
        NodeProvisioner machines = replica(gpus(8));
        machines.claim(claim("a", 8));

        assertThatThrownBy(() -> machines.claim(claim("a", 8, 2)))
                .isInstanceOf(NodeException.OverCap.class)
                .hasMessageContaining("beside what the Workspace holds");
    }

    @Test
    void whoWasRefusedByItsProviderGivesItsPartBackWithTheClaim() {
        NodeProvisioner machines = replica(gpus(8));
        provider.refuse(new NodeException.Occupied("None left."));
        assertThatThrownBy(() -> machines.claim(claim("a", 8))).isInstanceOf(NodeException.Occupied.class);
        assertThat(machines.claim(claim("b", 8)).queued()).isTrue();

        machines.release(claim("a", 8));

        assertThat(machines.claim(claim("b", 8)).ready()).isTrue();
    }

    @Test
    void dollarsAreCountedLikeGpus() {
        NodeProvisioner machines = replica(new Caps(Optional.of(Claims.usd("11.01")), Map.of()));
        machines.claim(claim("a", 1));
        machines.claim(claim("b", 2));

        assertThat(machines.claim(claim("c", 1)).waitingFor().orElse("")).contains("uses $11.01 of $11.01 an hour");
        assertThatThrownBy(() -> machines.claim(Claims.unpriced("d", "sku")))
                .isInstanceOf(NodeException.OverCap.class)
                .hasMessageContaining("Nobody knows the price of sku");
    }

    private NodeProvisioner replica(Caps caps) {
        return replica(caps, NEVER);
    }

    private NodeProvisioner replica(Caps caps, Duration round) {
        NamespaceQueues queues = new NamespaceQueues(
                client,
                new QueueSettings(place, "test", caps),
                (id, queue) -> told.add(id.name()),
                round,
                Clock.systemUTC());
        open.add(queues);
        return new CappedProvisioner(provider, queues, Clock.systemUTC());
    }

    private static Caps gpus(int most) {
        return new Caps(Optional.of(Claims.gpus(most)), Map.of());
    }

    /** What a process wrote passes its watch a moment later. */
    private static void awaitSeen(NodeProvisioner machines, NodeRequest claim) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(machines.held(claim.id())).contains(claim));
    }

    private NodeRequest held(List<NodeRequest> claims) {
        List<String> holders = provider.holders();
        return claims.stream()
                .filter(claim -> claim.id().name().equals(holders.getFirst()))
                .findFirst()
                .orElseThrow();
    }

    private List<ConfigMap> kept() {
        return Stream.of(client.configMaps().inNamespace(place).list())
                .flatMap(list -> list.getItems().stream())
                .toList();
    }
}
