package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two workspaces that want more than the four nodes there are, each request of theirs in an order that a seed decides. */
final class Interleaving {

    private static final int NODES = 4;

    /** How often each looks before it gives up; in an order where nobody finished, more would not help. */
    private static final int LOOKS = 8;

    private final Turns turns;
    private final KubernetesClient truth;
    private final OwnNodeSettings settings;
    private final List<NodeRequest> requests;
    private final Map<NodeRequest, List<String>> sets = new ConcurrentHashMap<>();

    private Interleaving(Turns turns, KubernetesClient truth, OwnNodeSettings settings, List<NodeRequest> requests) {
        this.turns = turns;
        this.truth = truth;
        this.settings = settings;
        this.requests = requests;
    }

    static Interleaving of(long seed, KubernetesClient truth, OwnNodeSettings settings) {
        Random random = new Random(seed);
        return new Interleaving(new Turns(seed), truth, settings, List.of(request("a", random), request("b", random)));
    }

    /** Each wants more than half, and prefers nodes at random. */
    private static NodeRequest request(String uid, Random random) {
        List<String> names = new ArrayList<>(List.of("n1", "n2", "n3", "n4"));
        Collections.shuffle(names, random);
        int count = NODES / 2 + 1 + random.nextInt(NODES / 2);
        return OwnNodes.wanted(
                uid, count, names.subList(0, random.nextInt(NODES + 1)).toArray(String[]::new));
    }

    /** Until one has a full set, or both gave up. */
    void bothClaim() {
        requests.forEach(request -> turns.expect(request.id().uid()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> both = new ArrayList<>();
            for (NodeRequest request : requests) {
                both.add(threads.submit(() -> claim(request)));
            }
            both.forEach(Interleaving::join);
        }
    }

    List<NodeRequest> finished() {
        return List.copyOf(sets.keySet());
    }

    /** At the API server, not in anybody's memory. */
    List<NodeRequest> halfSets() {
        Reservations reservations = new Reservations(truth, settings);
        return requests.stream()
                .filter(request -> {
                    int held = reservations.nodes(request).size();
                    return held != 0 && held != request.machines().count();
                })
                .toList();
    }

    void end() {
        OwnNodeProvisioner provisioner = new OwnNodeProvisioner(truth, settings, GpuCatalogue.load());
        requests.forEach(provisioner::release);
    }

    private void claim(NodeRequest request) {
        String who = request.id().uid();
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(truth.getConfiguration())
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("turns", turns.of(who)))
                .build()) {
            OwnNodeProvisioner provisioner = new OwnNodeProvisioner(client, settings, GpuCatalogue.load());
            List<String> nodes = provisioner.claim(request).nodes();
            for (int i = 0; i < LOOKS && nodes.isEmpty() && sets.isEmpty(); i++) {
                nodes = provisioner.observe(request).nodes();
            }
            if (!nodes.isEmpty()) {
                sets.put(request, nodes);
            }
        } finally {
            turns.done(who);
        }
    }

    private static void join(Future<?> one) {
        try {
            one.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("A workspace did not end", e);
        }
    }
}
