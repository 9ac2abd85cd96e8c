package io.kaitoflow.activities.nodes.readiness;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.kaitoflow.presets.ByteSize;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node says of itself.
 *
 * @param name of the node
 * @param ready whether it says so
 * @param cordoned whether it gets no new pods; those that run there go on
 * @param devices that pods can ask for
 * @param deviceMemory of one device, where GPU feature discovery labelled it
 * @param labels all of them
 */
public record NodeFacts(
        String name,
        boolean ready,
        boolean cordoned,
        int devices,
        Optional<ByteSize> deviceMemory,
        Map<String, String> labels) {

    private static final String KIND = "node.kubernetes.io/instance-type";
    private static final String DEVICES = "nvidia.com/gpu";
    private static final String PRODUCT = "nvidia.com/gpu.product";

    /** In mebibytes, as the driver counts. */
    private static final String MEMORY = "nvidia.com/gpu.memory";

    public NodeFacts {
        labels = Map.copyOf(labels);
    }

    public static NodeFacts of(Node node) {
        Map<String, String> labels =
                Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
        return new NodeFacts(
                node.getMetadata().getName(),
                saysReady(node),
                cordoned(node),
                allocatable(node),
                Optional.ofNullable(labels.get(MEMORY))
                        .filter(text -> text.matches("\\d{1,9}"))
                        .map(text -> ByteSize.ofMebibytes(Long.parseLong(text))),
                labels);
    }

    /** The same of a node that is no more. */
    NodeFacts gone() {
        return new NodeFacts(name, false, cordoned, devices, deviceMemory, labels);
    }

    /** Whether it takes pods that were not there before. */
    public boolean takesPods() {
        return ready && !cordoned;
    }

    public boolean isA(String instanceType) {
        return instanceType.equals(labels.get(KIND));
    }

    public boolean has(Map<String, String> wanted) {
        return labels.entrySet().containsAll(wanted.entrySet());
    }

    /** The device's name, for messages. */
    public String product() {
        return labels.getOrDefault(PRODUCT, "its device");
    }

    private static boolean saysReady(Node node) {
        return Optional.ofNullable(node.getStatus()).map(NodeStatus::getConditions).stream()
                .flatMap(conditions -> conditions.stream())
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private static boolean cordoned(Node node) {
        return node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
    }

    /** A device that is sick is in the capacity and not among what pods can ask for. */
    private static int allocatable(Node node) {
        Optional<NodeStatus> status = Optional.ofNullable(node.getStatus());
        return status.map(NodeStatus::getAllocatable)
                .map(amounts -> amounts.get(DEVICES))
                .or(() -> status.map(NodeStatus::getCapacity).map(amounts -> amounts.get(DEVICES)))
                .map(Quantity::getNumericalAmount)
                .map(BigDecimal::intValue)
                .orElse(0);
    }
}
