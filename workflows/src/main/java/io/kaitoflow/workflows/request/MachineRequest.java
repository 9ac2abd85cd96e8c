package io.kaitoflow.workflows.request;

import java.util.List;
import java.util.Map;

/**
 * Which machines may be used.
 *
 * @param instanceTypes cloud SKUs in the order they are tried; empty means the user's own nodes
 * @param count machines
 * @param labels stamped on nodes and used to find them
 * @param preferredNodes own nodes that are taken first
 * @param spot whether spot capacity is asked for first
 */
public record MachineRequest(
        List<String> instanceTypes, int count, Map<String, String> labels, List<String> preferredNodes, boolean spot) {

    public MachineRequest {
        instanceTypes = List.copyOf(instanceTypes);
        labels = Map.copyOf(labels);
        preferredNodes = List.copyOf(preferredNodes);
    }
}
