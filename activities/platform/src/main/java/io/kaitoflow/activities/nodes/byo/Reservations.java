package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.ClaimName;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.RequestText;
import io.kaitoflow.activities.nodes.ServerAnswer;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Leases behind reservations, one a claim and one a node. The API server makes an object of a name once, so whoever made a
 * node's Lease has the node. A Lease of ours is never changed, and has no end but its deletion.
 */
final class Reservations {

    private final KubernetesClient client;
    private final OwnNodeSettings settings;

    Reservations(KubernetesClient client, OwnNodeSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Writes down that something is wanted; doing so again changes nothing. */
    void record(NodeRequest request) {
        String name = ClaimName.of(request, 0);
        if (!make(lease(name, request, ReservationLabels.CLAIM).build()) && !recorded(request)) {
            throw new NodeException.Refused("Lease " + settings.namespace() + "/" + name
                    + " belongs to somebody else; delete it if nobody does.");
        }
    }

    boolean recorded(NodeRequest request) {
        return find(ClaimName.of(request, 0))
                .filter(found -> ReservationLabels.isOf(request, found))
                .isPresent();
    }

    void erase(NodeRequest request) {
        find(ClaimName.of(request, 0))
                .filter(found -> ReservationLabels.isOf(request, found))
                .ifPresent(this::delete);
    }

    /** Reserves one node, all of it. False when somebody else has it. */
    boolean take(NodeRequest request, OwnNode node) {
        return make(lease(node, request))
                || find(leaseOf(node.name()))
                        .filter(found -> ReservationLabels.isOf(request, found))
                        .isPresent();
    }

    /** Gives one node back; somebody else's is not touched, also when it changed hands a moment ago. */
    void give(NodeRequest request, String node) {
        find(leaseOf(node))
                .filter(found -> ReservationLabels.isOf(request, found))
                .ifPresent(this::delete);
    }

    /** All reserved nodes, with whose they are. */
    List<Lease> nodes() {
        return list(Map.of(ReservationLabels.ROLE, ReservationLabels.NODE));
    }

    /** The nodes of a claim, sorted, with how many devices they had when they were taken. */
    SortedMap<String, Integer> nodes(NodeRequest request) {
        SortedMap<String, Integer> taken = new TreeMap<>();
        nodes().stream()
                .filter(lease -> ReservationLabels.isOf(request, lease))
                .forEach(lease -> taken.put(ReservationLabels.node(lease), ReservationLabels.gpus(lease)));
        return taken;
    }

    /** What is held, also by a reservation that a call left behind when it died. */
    List<NodeRequest> requests(Map<String, String> labels) {
        return requests(list(labels).stream());
    }

    /** What reservations say that they are for. */
    static List<NodeRequest> requests(Stream<Lease> leases) {
        return leases.flatMap(lease -> RequestText.read(annotation(lease)).stream())
                .distinct()
                .toList();
    }

    private static @Nullable String annotation(Lease lease) {
        return Objects.requireNonNullElse(lease.getMetadata().getAnnotations(), Map.<String, String>of())
                .get(RequestText.ANNOTATION);
    }

    Map<String, String> ofInstallation() {
        return Map.of(ClaimLabels.INSTALLATION, settings.installation());
    }

    private boolean make(Lease lease) {
        try {
            call(
                    "Creating Lease " + lease.getMetadata().getName(),
                    () -> client.resource(lease).create());
            return true;
        } catch (Taken taken) {
            return false;
        }
    }

    /** Only what was read: what has changed hands since is another object. */
    private void delete(Lease lease) {
        try {
            call(
                    "Deleting Lease " + lease.getMetadata().getName(),
                    () -> client.resource(lease).lockResourceVersion().delete());
        } catch (Taken changedHands) {
            // It is not ours any more, which is what was wanted.
            return;
        }
    }

    private Optional<Lease> find(String name) {
        return call(
                "Reading Lease " + name,
                () -> Optional.ofNullable(client.leases()
                        .inNamespace(settings.namespace())
                        .withName(name)
                        .get()));
    }

    private List<Lease> list(Map<String, String> labels) {
        return call(
                "Listing Leases",
                () -> client.leases()
                        .inNamespace(settings.namespace())
                        .withLabels(labels)
                        .list()
                        .getItems());
    }

    private Lease lease(OwnNode node, NodeRequest request) {
        return lease(leaseOf(node.name()), request, ReservationLabels.NODE)
                .editMetadata()
                .addToAnnotations(ReservationLabels.NODE_NAME, node.name())
                .addToAnnotations(ReservationLabels.GPUS, String.valueOf(node.gpus()))
                .endMetadata()
                .build();
    }

    /** It says what was asked for, whatever was admitted: the run knows its claim by that. */
    private LeaseBuilder lease(String name, NodeRequest request, String role) {
        return new LeaseBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(settings.namespace())
                .withLabels(ReservationLabels.of(request, settings.installation(), role))
                .addToAnnotations(RequestText.ANNOTATION, RequestText.write(request.asked()))
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(request.id().uid())
                .endSpec();
    }

    private static String leaseOf(String node) {
        return "kaitoflow-node-" + node;
    }

    private static <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            ServerAnswer answer = ServerAnswer.to(what, e);
            throw answer.code() == HttpURLConnection.HTTP_CONFLICT ? new Taken(answer.sentence()) : answer.failure();
        }
    }

    /** Somebody was faster. */
    private static final class Taken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Taken(String message) {
            super(message);
        }
    }
}
