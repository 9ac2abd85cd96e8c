package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.nodes.NodeLease;
import java.util.List;
import java.util.Optional;

/**
 * The machine that a pod has to run on.
 *
 * @param name of the node
 */
record LeasedNode(String name) {

    static final String GPU = "nvidia.com/gpu";

    /** What keeps other pods away from machines with GPUs, and what AKS puts on every spot pool by itself. */
    static final List<Toleration> TOLERATIONS = List.of(
            new TolerationBuilder()
                    .withKey("sku")
                    .withOperator("Equal")
                    .withValue("gpu")
                    .withEffect("NoSchedule")
                    .build(),
            new TolerationBuilder()
                    .withKey(GPU)
                    .withOperator("Exists")
                    .withEffect("NoSchedule")
                    .build(),
            new TolerationBuilder()
                    .withKey("kubernetes.azure.com/scalesetpriority")
                    .withOperator("Equal")
                    .withValue("spot")
                    .withEffect("NoSchedule")
                    .build());

    static LeasedNode of(NodeLease lease) {
        if (lease.nodes().isEmpty()) {
            throw new RolloutException.NotPlaced("The lease " + lease.name() + " names no node.");
        }
        return new LeasedNode(lease.nodes().getFirst());
    }

    /**
     * By the scheduler and not by {@code nodeName}, so that taints, devices and room count and a refusal has words.
     *
     * @param own what else the pod wants; of several terms one is enough, so each is narrowed
     */
    Affinity affinity(Optional<Affinity> own) {
        return own.map(AffinityBuilder::new)
                .orElseGet(AffinityBuilder::new)
                .editOrNewNodeAffinity()
                .editOrNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withNodeSelectorTerms(terms(own))
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .build();
    }

    private List<NodeSelectorTerm> terms(Optional<Affinity> own) {
        List<NodeSelectorTerm> wanted = own.map(Affinity::getNodeAffinity)
                .map(nodes -> nodes.getRequiredDuringSchedulingIgnoredDuringExecution())
                .map(required -> required.getNodeSelectorTerms())
                .filter(terms -> !terms.isEmpty())
                .orElseGet(() -> List.of(new NodeSelectorTerm()));
        return wanted.stream()
                .map(term -> new NodeSelectorTermBuilder(term)
                        .addToMatchFields(thisNode())
                        .build())
                .toList();
    }

    private NodeSelectorRequirement thisNode() {
        return new NodeSelectorRequirementBuilder()
                .withKey("metadata.name")
                .withOperator("In")
                .withValues(name)
                .build();
    }
}
