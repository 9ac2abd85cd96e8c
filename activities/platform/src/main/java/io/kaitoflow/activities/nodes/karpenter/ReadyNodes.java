package io.kaitoflow.activities.nodes.karpenter;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.workflows.plan.MachineOption;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whether a node can take work: it says so, it is of the kind that was asked for, and its devices are there. */
final class ReadyNodes {

    private static final String KIND = "node.kubernetes.io/instance-type";
    private static final String DEVICES = "nvidia.com/gpu";

    private final KubernetesClient client;

    ReadyNodes(KubernetesClient client) {
        this.client = client;
    }

    boolean ready(String name, MachineOption wanted) {
        Node node = client.nodes().withName(name).get();
        return node != null && saysReady(node) && isA(node, wanted) && (wanted.gpus() == 0 || hasDevices(node));
    }

    private static boolean saysReady(Node node) {
        return Optional.ofNullable(node.getStatus()).map(NodeStatus::getConditions).stream()
                .flatMap(conditions -> conditions.stream())
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private static boolean isA(Node node, MachineOption wanted) {
        Map<String, String> labels =
                Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
        return wanted.instanceType().equals(labels.get(KIND));
    }

    private static boolean hasDevices(Node node) {
        return Optional.ofNullable(node.getStatus())
                .map(NodeStatus::getCapacity)
                .map(capacity -> capacity.get(DEVICES))
                .map(Quantity::getNumericalAmount)
                .map(devices -> devices.compareTo(BigDecimal.ZERO) > 0)
                .orElse(false);
    }
}
