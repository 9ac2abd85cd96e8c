package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a Lease of ours is: the record of a claim, or the reservation of one node. */
final class ReservationLabels {

    static final String ROLE = "kaito.sh/reservation";
    static final String CLAIM = "claim";
    static final String NODE = "node";

    /** Number of the claim within its workspace. */
    static final String NUMBER = "kaito.sh/claim-number";

    /** The name of a node may be longer than a label. */
    static final String NODE_NAME = "kaito.sh/node";

    /** How many devices the node had when it was taken. */
    static final String GPUS = "kaito.sh/gpus";

    private ReservationLabels() {}

    static Map<String, String> of(NodeRequest request, String installation, String role) {
        Map<String, String> labels = new TreeMap<>(ClaimLabels.of(request.id(), installation));
        labels.put(NUMBER, String.valueOf(request.number()));
        labels.put(ROLE, role);
        return labels;
    }

    static boolean isOf(NodeRequest request, Lease lease) {
        Map<String, String> labels = labels(lease);
        return ClaimLabels.owns(request.id(), labels)
                && String.valueOf(request.number()).equals(labels.get(NUMBER));
    }

    /** Who else reserved which node, by node. */
    static Map<String, String> holders(NodeRequest request, Stream<Lease> nodes) {
        return nodes.filter(lease -> !isOf(request, lease))
                .collect(Collectors.toMap(ReservationLabels::node, ReservationLabels::holder, (one, other) -> one));
    }

    private static String holder(Lease lease) {
        return ClaimLabels.owner(lease.getMetadata().getLabels())
                .map(owner -> owner.namespace() + "/" + owner.name())
                .orElse("of another installation");
    }

    static boolean isNode(Lease lease) {
        return NODE.equals(labels(lease).get(ROLE));
    }

    static String node(Lease lease) {
        return annotations(lease).getOrDefault(NODE_NAME, "");
    }

    /** Zero for a reservation of an earlier release, which counted one and took all. */
    static int gpus(Lease lease) {
        String text = annotations(lease).getOrDefault(GPUS, "");
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static Map<String, String> annotations(Lease lease) {
        return Objects.requireNonNullElse(lease.getMetadata().getAnnotations(), Map.<String, String>of());
    }

    private static Map<String, String> labels(Lease lease) {
        return Objects.requireNonNullElse(lease.getMetadata().getLabels(), Map.of());
    }
}
