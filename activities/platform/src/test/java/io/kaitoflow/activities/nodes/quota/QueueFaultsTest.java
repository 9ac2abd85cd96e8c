package io.kaitoflow.activities.nodes.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.kaitoflow.activities.nodes.MovedClock;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Six workspaces share four GPUs through two replicas, in an order that a seed decides; machines are refused, go slowly or did not
 * answer, and runs forget what they hold. There is never more than the cap, everybody is served, and nothing is left.
 */
@EnableKubernetesMockClient(crud = true)
class QueueFaultsTest {

    private static final int STEPS = 60;
    private static final int CAP = 4;
    private static final List<String> WORKSPACES = List.of("a", "b", "c", "d", "e", "f");

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private static KubernetesClient client;

    private final String place = "test-" + UUID.randomUUID();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final PlayedProvider provider = new PlayedProvider();
    private final Map<String, NodeRequest> claims = new TreeMap<>();
    private final Set<String> served = new TreeSet<>();
    private List<NamespaceQueues> queues = List.of();
    private List<CappedProvisioner> replicas = List.of();
    private int numbers;

    @BeforeEach
    void start() {
        Caps caps = new Caps(Optional.of(Claims.gpus(CAP)), Map.of());
        queues = List.of(watch(caps), watch(caps));
        replicas = queues.stream()
                .map(each -> new CappedProvisioner(provider, each, new MovedClock(() -> now)))
                .toList();
    }

    private NamespaceQueues watch(Caps caps) {
        return new NamespaceQueues(
                client,
                new QueueSettings(place, "test", caps),
                (id, queue) -> {},
                Duration.ofHours(1),
                new MovedClock(() -> now));
    }

    @AfterEach
    void stop() {
        queues.forEach(NamespaceQueues::close);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void thereIsNeverMoreThanTheCapAndNothingIsLeft(long seed) {
        Random random = new Random(seed);
        provider.slowToGo(request -> random.nextBoolean());
        for (int i = 0; i < STEPS; i++) {
            step(random);
            assertThat(provider.most()).isLessThanOrEqualTo(CAP);
        }

        for (int round = 0; round < 4 * WORKSPACES.size(); round++) {
            // Whoever comes back now comes last.
            now = now.plus(Duration.ofMinutes(1));
            WORKSPACES.forEach(name -> claim(name, random));
            provider.holders().forEach(name -> giveBack(name, random));
        }
        assertThat(served).containsExactlyElementsOf(WORKSPACES);
        assertThat(provider.most()).isLessThanOrEqualTo(CAP);
        Set.copyOf(claims.keySet()).forEach(name -> giveBack(name, random));
        assertThat(provider.holders()).isEmpty();
        assertThat(client.configMaps().inNamespace(place).list().getItems()).isEmpty();
    }

    private void step(Random random) {
        String name = WORKSPACES.get(random.nextInt(WORKSPACES.size()));
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> claim(name, random);
            case 4, 5 -> giveBack(name, random);
            case 6 -> forget(name, random);
            default ->
                provider.refuse(
                        random.nextBoolean()
                                ? new NodeException.Unanswered("Nobody answered.")
                                : new NodeException.Occupied("None left."));
        }
    }

    /** A call that is not answered is made again; after a refusal the claim is given back. */
    private void claim(String name, Random random) {
        int gpus = 1 + WORKSPACES.indexOf(name) % CAP;
        NodeRequest claim = claims.computeIfAbsent(name, none -> Claims.claim(name, gpus, ++numbers));
        try {
            if (any(random).claim(claim).ready()) {
                served.add(name);
            }
        } catch (NodeException.Unanswered unheard) {
            claim(name, random);
        } catch (NodeException.Occupied refused) {
            giveBack(name, random);
        }
    }

    private void giveBack(String name, Random random) {
        NodeRequest claim = claims.remove(name);
        while (claim != null && !any(random).release(claim)) {
            assertThat(provider.most()).isLessThanOrEqualTo(CAP);
        }
    }

    /** Its next run holds what is found to be its own, and nothing else is. */
    private void forget(String name, Random random) {
        Map<String, NodeRequest> found = any(random).all().stream()
                .filter(claim -> claim.id().name().equals(name))
                .collect(Collectors.toMap(claim -> claim.id().name(), claim -> claim));
        assertThat(found.get(name)).isEqualTo(claims.get(name));
    }

    private CappedProvisioner any(Random random) {
        return replicas.get(random.nextInt(replicas.size()));
    }
}
