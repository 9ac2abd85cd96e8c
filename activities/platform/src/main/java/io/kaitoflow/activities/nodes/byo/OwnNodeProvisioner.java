package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.ClaimName;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.activities.nodes.readiness.ReadyNodes;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

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
    private final Function<WorkspaceId, List<NodeRequest>> held;

    /**
     * Asks the API server who holds what, each time anew.
     *
     * @param client stays the caller's
     */
    public OwnNodeProvisioner(KubernetesClient client, OwnNodeSettings settings) {
        this.reservations = new Reservations(client, settings);
        this.nodes = new ReadyNodes(client);
        this.held = id -> reservations.requests(Map.of(ClaimLabels.UID, id.uid()));
    }

    /**
     * Knows from a watch who holds what; a reservation made moments ago, which the watch has not, is found by its name.
     *
     * @param client stays the caller's
     * @param watch stays the caller's
     */
    public OwnNodeProvisioner(KubernetesClient client, OwnNodeSettings settings, ReservationWatch watch) {
        this.reservations = new Reservations(client, settings);
        this.nodes = new ReadyNodes(client);
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
        giveAll(request, reservations.nodes(request));
        reservations.erase(request);
        return !reservations.recorded(request) && reservations.nodes(request).isEmpty();
    }

    private NodeLease stand(NodeRequest request) {
        List<String> ours = reservations.nodes(request);
        if (ours.size() == request.machines().count()) {
            return lease(request, ours);
        }
        // Half a set is what a call left that died: it would keep others from theirs.
        giveAll(request, ours);
        return reserve(request);
    }

    private NodeLease reserve(NodeRequest request) {
        NodeChoice choice = choice(request);
        for (int i = 0; i < CHOICES && !choice.set().isEmpty(); i++) {
            List<String> set = choice.set();
            if (takeAll(request, set)) {
                return kept(request, set);
            }
            choice = choice(request);
        }
        return NodeLease.waiting(ClaimName.of(request, 0), request.option(), choice.reason());
    }

    /** A call that outlived its run must not keep what the run gave back meanwhile. */
    private NodeLease kept(NodeRequest request, List<String> set) {
        if (!reservations.recorded(request)) {
            giveAll(request, set);
            throw vanished(request);
        }
        if (!reservations.nodes(request).equals(set)) {
            throw new NodeException.Unanswered("Another call of workspace "
                    + request.id().name() + " gave its nodes back meanwhile; they are asked for again.");
        }
        return lease(request, set);
    }

    private boolean takeAll(NodeRequest request, List<String> sorted) {
        List<String> taken = new ArrayList<>();
        for (String node : sorted) {
            if (!reservations.take(request, node)) {
                giveAll(request, taken);
                return false;
            }
            taken.add(node);
        }
        return true;
    }

    private void giveAll(NodeRequest request, List<String> taken) {
        taken.forEach(node -> reservations.give(request, node));
    }

    private NodeLease lease(NodeRequest request, List<String> ours) {
        NodeChoice choice = choice(request);
        boolean ready = choice.labelled().stream()
                        .filter(node -> ours.contains(node.name()))
                        .filter(choice::stillGood)
                        .count()
                == ours.size();
        return new NodeLease(ClaimName.of(request, 0), request.option(), ready ? ours : List.of(), ready);
    }

    private NodeChoice choice(NodeRequest request) {
        Map<String, String> others = reservations.nodes().stream()
                .filter(lease -> !ReservationLabels.isOf(request, lease))
                .collect(Collectors.toMap(ReservationLabels::node, OwnNodeProvisioner::holder, (one, other) -> one));
        return new NodeChoice(request, labelled(request), others);
    }

    private List<NodeFacts> labelled(NodeRequest request) {
        try {
            return nodes.labelled(request.machines().labels());
        } catch (KubernetesClientException e) {
            throw new NodeException.Unanswered("Listing Nodes was answered with " + e.getMessage() + ".");
        }
    }

    private static String holder(Lease lease) {
        return ClaimLabels.owner(lease.getMetadata().getLabels())
                .map(owner -> owner.namespace() + "/" + owner.name())
                .orElse("of another installation");
    }

    private static NodeException vanished(NodeRequest request) {
        return new NodeException.Vanished("The reservation " + ClaimName.of(request, 0) + " of workspace "
                + request.id().name() + " is gone although nobody of ours gave it back.");
    }
}
