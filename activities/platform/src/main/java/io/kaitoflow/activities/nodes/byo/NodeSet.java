package io.kaitoflow.activities.nodes.byo;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.plan.MachineOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Nodes with as many devices each, taken whole.
 *
 * @param nodes sorted by name, at least one
 */
record NodeSet(List<OwnNode> nodes) {

    NodeSet {
        nodes = List.copyOf(nodes);
    }

    List<String> names() {
        return nodes.stream().map(OwnNode::name).toList();
    }

    /** Devices of each. */
    int gpus() {
        return nodes.stream().mapToInt(OwnNode::gpus).min().orElse(0);
    }

    /** What is leased for this request: what is there, and not what was asked for. */
    MachineOption found(MachineOption asked) {
        return new MachineOption(
                asked.instanceType(),
                gpus(),
                memory(),
                asked.hourlyUsd(),
                asked.spot(),
                nodes.getFirst().speed(),
                asked.zone(),
                asked.asked().need());
    }

    /** Of the smallest; zero where nobody knows of one of them. */
    private ByteSize memory() {
        return nodes.stream()
                .map(node -> node.memory().orElse(ByteSize.ofBytes(0)))
                .min(ByteSize::compareTo)
                .orElse(ByteSize.ofBytes(0));
    }

    /** What is counted, one sentence. */
    String counted() {
        int all = gpus() * nodes.size();
        return nodes.stream()
                        .map(node -> node.name() + " has " + node.devices())
                        .collect(Collectors.joining("; ")) + "; counted as " + all + (all == 1 ? " GPU." : " GPUs.");
    }

    static Optional<NodeSet> of(List<OwnNode> nodes, int count) {
        return nodes.size() == count ? Optional.of(new NodeSet(nodes)) : Optional.empty();
    }
}
