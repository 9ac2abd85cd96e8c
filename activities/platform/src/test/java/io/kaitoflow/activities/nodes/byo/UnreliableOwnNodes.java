package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.Mortality;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.UnreliableApi;
import io.kaitoflow.activities.nodes.UnreliableProvider;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Four nodes of a user's own, that are ready or not, or gone, behind a network that loses things. */
public final class UnreliableOwnNodes implements UnreliableProvider {

    private final KubernetesClient truth;
    private final OwnNodeSettings settings;
    private final UnreliableApi api;
    private final List<KubernetesClient> clients = new ArrayList<>();

    /**
     * @param truth goes to the API server itself
     * @param namespace that nobody else uses
     */
    public UnreliableOwnNodes(KubernetesClient truth, String namespace) {
        this.truth = truth;
        this.settings = new OwnNodeSettings(namespace, "faults");
        this.api = new UnreliableApi(truth);
        new OwnNodes(truth).only("n1", "n2", "n3", "n4");
    }

    @Override
    public NodeProvisioner process(Mortality mortality) {
        KubernetesClient client = api.client(mortality);
        clients.add(client);
        return new OwnNodeProvisioner(client, settings, GpuCatalogue.load());
    }

    @Override
    public void misbehave(Random random) {
        api.next(UnreliableApi.Mishap.values()[random.nextInt(UnreliableApi.Mishap.values().length)]);
    }

    @Override
    public void goOn(Random random) {
        OwnNodes nodes = new OwnNodes(truth);
        String node = "n" + (1 + random.nextInt(4));
        boolean there = truth.nodes().withName(node).get() != null;
        if (!there) {
            nodes.add(node, "1");
        } else if (random.nextInt(5) == 0) {
            truth.nodes().withName(node).delete();
        } else {
            nodes.say(node, random.nextInt(3) == 0 ? "Unknown" : "True", "1");
        }
    }

    @Override
    public void heal() {
        api.next(UnreliableApi.Mishap.NONE);
    }

    @Override
    public Set<Integer> claims(WorkspaceId id) {
        return truth
                .leases()
                .inNamespace(settings.namespace())
                .withLabel(ClaimLabels.UID, id.uid())
                .list()
                .getItems()
                .stream()
                .map(lease ->
                        Integer.valueOf(lease.getMetadata().getLabels().getOrDefault(ReservationLabels.NUMBER, "0")))
                .collect(Collectors.toSet());
    }

    @Override
    public NodeRequest request(WorkspaceId id, int number) {
        NodeRequest two = OwnNodes.wanted(id.uid(), 2);
        return new NodeRequest(id, two.option(), two.machines(), number);
    }

    @Override
    public void close() {
        clients.forEach(KubernetesClient::close);
    }
}
