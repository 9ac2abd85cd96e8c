package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.ClaimName;
import io.kaitoflow.activities.nodes.Extent;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.readiness.ReadyNodes;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Reserves the user's own nodes: a full set among those that match, or nothing. Nodes are taken in the order of their names, so
 * two workspaces that want each other's cannot both fail for ever: of the nodes at which one of them gives up, each is greater
 * than the one before.
 */
public final class OwnNodeProvisioner implements NodeProvisioner {

    /** A set that was lost to somebody faster is chosen anew at once, as long as that leads anywhere. */
    private static final int CHOICES = 3;

    private final Reservations reservations;
    private final ReadyNodes nodes;
    private final GpuCatalogue catalogue;
    private final Function<WorkspaceId, List<NodeRequest>> held;

    /**
     * Asks the API server who holds what, each time anew.
     *
     * @param client stays the caller's
     * @param catalogue knows what labels leave out
     */
    public OwnNodeProvisioner(KubernetesClient client, OwnNodeSettings settings, GpuCatalogue catalogue) {
        this.reservations = new Reservations(client, settings);
        this.nodes = new ReadyNodes(client);
        this.catalogue = catalogue;
        this.held = id -> reservations.requests(Map.of(ClaimLabels.UID, id.uid()));
    }

    /**
     * Knows from a watch who holds what; a reservation made moments ago, which the watch has not, is found by its name.
     *
     * @param client stays the caller's
     * @param catalogue knows what labels leave out
     * @param watch stays the caller's
     */
    public OwnNodeProvisioner(
            KubernetesClient client, OwnNodeSettings settings, GpuCatalogue catalogue, ReservationWatch watch) {
        this.reservations = new Reservations(client, settings);
        this.nodes = new ReadyNodes(client);
        this.catalogue = catalogue;
        this.held = watch::requests;
    }

    @Override
    public NodeLease claim(NodeRequest request) {
        reservations.record(request);
        return stand(request);
    }

    @Override
    public NodeLease observe(NodeRequest request) {
        if (!reservations.recorded(request)) {
            throw vanished(request);
        }
        return stand(request);
    }

    @Override
    public List<NodeRequest> held(WorkspaceId id) {
        return held.apply(id);
    }

    @Override
    public List<NodeRequest> all() {
        return reservations.requests(reservations.ofInstallation());
    }

    /** The record goes last: as long as it is there, somebody comes back for the rest. */
    @Override
    public boolean release(NodeRequest request) {
        giveAll(request, reservations.nodes(request).keySet());
        reservations.erase(request);
        return !reservations.recorded(request) && reservations.nodes(request).isEmpty();
    }

    /** What it has; else what it would be given now, and of nodes that are not there yet the least. */
    @Override
    public Extent extent(NodeRequest request) {
        SortedMap<String, Integer> ours = reservations.nodes(request);
        NodeChoice choice = choice(request.asked());
        if (ours.size() == request.machines().count()) {
            return new Extent(request.exactly(devices(choice, ours)), true);
        }
        int wanted = choice.set().map(NodeSet::gpus).orElse(request.option().gpus());
        return new Extent(request.exactly(wanted), false);
    }

    /** As many as were counted when they were taken; an earlier release counted none. */
    private static int devices(NodeChoice choice, SortedMap<String, Integer> ours) {
        int taken = Collections.max(ours.values());
        return taken > 0 ? taken : Math.max(1, new NodeSet(choice.of(ours.keySet())).gpus());
    }

    private NodeLease stand(NodeRequest request) {
        SortedMap<String, Integer> ours = reservations.nodes(request);
        if (ours.size() == request.machines().count()) {
            return lease(request, ours);
        }
        // Half a set is what a call left that died: it would keep others from theirs.
        giveAll(request, ours.keySet());
        return reserve(request);
    }

    private NodeLease reserve(NodeRequest request) {
        NodeChoice choice = choice(request);
        Optional<NodeSet> set = choice.set();
        for (int i = 0; i < CHOICES && set.isPresent(); i++) {
            if (takeAll(request, set.get())) {
                return kept(request, set.get());
            }
            choice = choice(request);
            set = choice.set();
        }
        return NodeLease.waiting(ClaimName.of(request, 0), request.option(), choice.reason());
    }

    /** A call that outlived its run must not keep what the run gave back meanwhile. */
    private NodeLease kept(NodeRequest request, NodeSet set) {
        if (!reservations.recorded(request)) {
            giveAll(request, set.names());
            throw vanished(request);
        }
        SortedMap<String, Integer> ours = reservations.nodes(request);
        if (!ours.keySet().equals(Set.copyOf(set.names()))) {
            throw new NodeException.Unanswered("Another call of workspace "
                    + request.id().name() + " gave its nodes back meanwhile; they are asked for again.");
        }
        return lease(request, ours);
    }

    private boolean takeAll(NodeRequest request, NodeSet set) {
        List<String> taken = new ArrayList<>();
        for (OwnNode node : set.nodes()) {
            if (!reservations.take(request, node)) {
                giveAll(request, taken);
                return false;
            }
            taken.add(node.name());
        }
        return true;
    }

    private void giveAll(NodeRequest request, Collection<String> taken) {
        taken.forEach(node -> reservations.give(request, node));
    }

    private NodeLease lease(NodeRequest request, SortedMap<String, Integer> ours) {
        NodeChoice choice = choice(request);
        List<OwnNode> good = choice.of(ours.keySet()).stream()
                .filter(node -> choice.stillGood(node, ours.getOrDefault(node.name(), 0)))
                .map(node -> node.taken(ours.getOrDefault(node.name(), 0)))
                .toList();
        String name = ClaimName.of(request, 0);
        return NodeSet.of(good, ours.size())
                .map(set -> NodeLease.own(name, set.found(request.option()), set.names(), set.counted()))
                .orElseGet(() -> new NodeLease(name, request.option(), List.of(), false));
    }

    private NodeChoice choice(NodeRequest request) {
        Map<String, String> others = ReservationLabels.holders(request, reservations.nodes().stream());
        return new NodeChoice(request, labelled(request), others);
    }

    private List<OwnNode> labelled(NodeRequest request) {
        try {
            return nodes.labelled(request.machines().labels()).stream()
                    .map(node -> OwnNode.of(node, catalogue))
                    .toList();
        } catch (KubernetesClientException e) {
            throw new NodeException.Unanswered("Listing Nodes was answered with " + e.getMessage() + ".");
        }
    }

    private static NodeException vanished(NodeRequest request) {
        return new NodeException.Vanished("The reservation " + ClaimName.of(request, 0) + " of workspace "
                + request.id().name() + " is gone although nobody of ours gave it back.");
    }
}
