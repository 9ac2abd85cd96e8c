package io.kaitoflow.workflows.request;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which machines may be used.
 *
 * @param instanceTypes cloud SKUs in the order they are tried; empty means the user's own nodes
 * @param count machines
 * @param labels stamped on nodes and used to find them
 * @param preferredNodes own nodes that are taken first
 * @param spot whether spot capacity is asked for first
 * @param nodes how new nodes are made
 */
public record MachineRequest(
        List<String> instanceTypes,
        int count,
        Map<String, String> labels,
        List<String> preferredNodes,
        boolean spot,
        NodeTerms nodes) {

    public MachineRequest {
        instanceTypes = List.copyOf(instanceTypes);
        labels = Map.copyOf(labels);
        preferredNodes = List.copyOf(preferredNodes);
        // Absent from wishes and claims of earlier releases.
        nodes = Objects.requireNonNullElseGet(nodes, NodeTerms::none);
    }

    /** New nodes are made as the installation says. */
    public MachineRequest(
            List<String> instanceTypes,
            int count,
            Map<String, String> labels,
            List<String> preferredNodes,
            boolean spot) {
        this(instanceTypes, count, labels, preferredNodes, spot, NodeTerms.none());
    }
}
