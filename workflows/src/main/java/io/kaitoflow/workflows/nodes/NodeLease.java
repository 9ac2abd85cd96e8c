package io.kaitoflow.workflows.nodes;

import io.kaitoflow.workflows.plan.MachineOption;
import java.util.List;

/**
 * Machines that are ours until released.
 *
 * @param name of the claim at the provider
 * @param option what was leased
 * @param nodes names of the machines; empty until they are ready
 * @param ready whether work can start
 */
public record NodeLease(String name, MachineOption option, List<String> nodes, boolean ready) {

    public NodeLease {
        nodes = List.copyOf(nodes);
    }
}
