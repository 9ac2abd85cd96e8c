package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.activities.nodes.karpenter.NodeClaimStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** A cloud that has every machine at once, and takes one away when its claim is deleted. It also counts. */
final class PretendKarpenter {

    static final String UID = "kaito.sh/workspace-uid";
    private static final String FINALIZER = "karpenter.sh/termination";
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final Map<String, Integer> mostAtOnce = new ConcurrentHashMap<>();
    private volatile boolean soldOut;

    PretendKarpenter(KubernetesClient client) {
        this.client = client;
    }

    /** Does what is to be done now. */
    void look(List<NodeClaim> claims) {
        count(claims);
        claims.forEach(this::serve);
    }

    /** It has no machine any more. */
    void sellOut() {
        soldOut = true;
    }

    List<NodeClaim> claims() {
        return client.resources(NodeClaim.class).list().getItems();
    }

    /** How many claims of a workspace were ever in force at the same time. */
    int mostAtOnce(String uid) {
        return mostAtOnce.getOrDefault(uid, 0);
    }

    /** The cloud takes a machine away and forgets it. */
    void lose(NodeClaim claim) {
        remove(claim);
        client.resource(claim).delete();
        free(claim);
    }

    static String owner(NodeClaim claim) {
        return claim.getMetadata().getLabels().getOrDefault(UID, "nobody");
    }

    static boolean ready(NodeClaim claim) {
        return claim.getStatus() != null && claim.getStatus().nodeName() != null;
    }

    private void count(List<NodeClaim> claims) {
        claims.stream()
                .filter(claim -> !claim.isMarkedForDeletion())
                .collect(Collectors.groupingBy(PretendKarpenter::owner, TreeMap::new, Collectors.counting()))
                .forEach((uid, count) -> mostAtOnce.merge(uid, count.intValue(), Math::max));
    }

    private void serve(NodeClaim claim) {
        if (claim.isMarkedForDeletion()) {
            remove(claim);
            free(claim);
        } else if (!Objects.requireNonNullElse(claim.getMetadata().getFinalizers(), List.of())
                .contains(FINALIZER)) {
            patch(claim, "{\"metadata\":{\"finalizers\":[\"" + FINALIZER + "\"]}}");
        } else if (!ready(claim) && !soldOut) {
            launch(claim);
        }
    }

    private void launch(NodeClaim claim) {
        String name = node(claim);
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("node.kubernetes.io/instance-type", "Standard_NC24ads_A100_v4", UID, owner(claim)))
                .endMetadata()
                .build();
        if (client.nodes().withName(name).get() == null) {
            client.resource(node).create();
        }
        client.nodes()
                .withName(name)
                .editStatus(found -> new NodeBuilder(found)
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .addToCapacity("nvidia.com/gpu", new Quantity("1"))
                        .endStatus()
                        .build());
        // What is watched is everybody's.
        NodeClaim launched = client.getKubernetesSerialization().clone(claim);
        launched.setStatus(new NodeClaimStatus(
                name,
                List.of(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withReason("Ready")
                        .withMessage("")
                        .withLastTransitionTime("2026-01-01T00:00:00Z")
                        .build())));
        client.resource(launched).updateStatus();
    }

    private void remove(NodeClaim claim) {
        client.nodes().withName(node(claim)).delete();
    }

    private void free(NodeClaim claim) {
        if (client.resources(NodeClaim.class)
                        .withName(claim.getMetadata().getName())
                        .get()
                != null) {
            patch(claim, "{\"metadata\":{\"finalizers\":null}}");
        }
    }

    private void patch(NodeClaim claim, String patch) {
        client.resources(NodeClaim.class)
                .withName(claim.getMetadata().getName())
                .patch(MERGE, patch);
    }

    private static String node(NodeClaim claim) {
        return "node-" + claim.getMetadata().getName();
    }
}
