package io.kaitoflow.activities.nodes.readiness;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.ComputeCapability;
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
 * @param devices that pods can ask for; of devices that several pods share each is one, as GPU feature discovery counts them
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
    private static final String COUNT = "nvidia.com/gpu.count";
    private static final String PRODUCT = "nvidia.com/gpu.product";
    private static final String MAJOR = "nvidia.com/gpu.compute.major";
    private static final String MINOR = "nvidia.com/gpu.compute.minor";

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
                Math.min(allocatable(node), number(labels, COUNT).orElse(Integer.MAX_VALUE)),
                number(labels, MEMORY).map(ByteSize::ofMebibytes),
                labels);
    }

    /** The same of a node that is no more. */
    NodeFacts gone() {
        return new NodeFacts(name, false, cordoned, devices, deviceMemory, labels);
    }

    /** The same with so many devices. */
    public NodeFacts with(int counted) {
        return new NodeFacts(name, ready, cordoned, counted, deviceMemory, labels);
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

    /** What NVIDIA calls its devices, where GPU feature discovery labelled it. */
    public Optional<String> product() {
        return Optional.ofNullable(labels.get(PRODUCT));
    }

    /** The generation of its devices, where GPU feature discovery labelled it. */
    public Optional<ComputeCapability> capability() {
        return number(labels, MAJOR)
                .map(major -> new ComputeCapability(major, number(labels, MINOR).orElse(0)));
    }

    /** What is no number says nothing. */
    private static Optional<Integer> number(Map<String, String> labels, String label) {
        return Optional.ofNullable(labels.get(label))
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Integer::valueOf);
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
