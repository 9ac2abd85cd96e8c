package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.activities.nodes.readiness.NodeWatch;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells those that wait for nodes of their own when one was given back, or became what they can use, and those that have one when
 * it is not what it was.
 */
public final class ReservationWatch implements AutoCloseable {

    private final SharedIndexInformer<Lease> informer;
    private final BiConsumer<WorkspaceId, String> observer;

    /** @param observer is told who may look again, and the name of its claim; it may take a call's time */
    public ReservationWatch(
            KubernetesClient client, OwnNodeSettings settings, BiConsumer<WorkspaceId, String> observer) {
        this.observer = observer;
        this.informer = client.leases()
                .inNamespace(settings.namespace())
                .withLabel(ClaimLabels.INSTALLATION, settings.installation())
                .inform(new Listener());
    }

    /** Who has or wants nodes now, as far as the watch knows. */
    public Stream<WorkspaceId> owners() {
        return leases().stream().flatMap(lease -> owner(lease).stream()).distinct();
    }

    /** What a workspace holds or waits for, as far as the watch knows. */
    List<NodeRequest> requests(WorkspaceId id) {
        return Reservations.requests(leases().stream()
                .filter(lease -> ClaimLabels.owns(id, lease.getMetadata().getLabels())));
    }

    /** Which of these nodes a claim would be given, as far as the watches know: nobody is asked. */
    public OwnNodes prospect(NodeWatch nodes, GpuCatalogue catalogue) {
        return new NodeProspect(
                nodes::labelled,
                demand -> ReservationLabels.holders(demand, leases().stream().filter(ReservationLabels::isNode)),
                catalogue);
    }

    /** A node is not what it was. */
    public void changed(NodeFacts node) {
        leases().stream()
                .filter(ReservationLabels::isNode)
                .filter(lease -> ReservationLabels.node(lease).equals(node.name()))
                .forEach(this::tell);
        if (node.takesPods()) {
            tellThoseThatWait();
        }
    }

    /** False once the watch ended for good: only a fresh process sees everything again. */
    public boolean healthy() {
        return !informer.stopped().toCompletableFuture().isCompletedExceptionally();
    }

    @Override
    public void close() {
        informer.close();
    }

    private void tellThoseThatWait() {
        Set<WorkspaceId> served = leases().stream()
                .filter(ReservationLabels::isNode)
                .flatMap(lease -> owner(lease).stream())
                .collect(Collectors.toSet());
        leases().stream()
                .filter(lease -> !ReservationLabels.isNode(lease))
                .filter(record ->
                        owner(record).filter(id -> !served.contains(id)).isPresent())
                .forEach(this::tell);
    }

    private void tell(Lease lease) {
        owner(lease).ifPresent(id -> observer.accept(id, lease.getMetadata().getName()));
    }

    private List<Lease> leases() {
        return informer.getStore().list();
    }

    private static Optional<WorkspaceId> owner(Lease lease) {
        return ClaimLabels.owner(lease.getMetadata().getLabels());
    }

    private final class Listener implements ResourceEventHandler<Lease> {

        @Override
        public void onAdd(Lease lease) {
            // Nobody waits for somebody else's reservation.
        }

        @Override
        public void onUpdate(Lease before, Lease now) {
            // A reservation is never changed.
        }

        @Override
        public void onDelete(Lease lease, boolean stateUnknown) {
            if (ReservationLabels.isNode(lease)) {
                tell(lease);
                tellThoseThatWait();
            }
        }
    }
}
