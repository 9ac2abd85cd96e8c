package io.kaitoflow.workflows.nodes;

import io.kaitoflow.workflows.plan.MachineOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Machines that are ours until released.
 *
 * @param name of the claim at the provider
 * @param option what was leased
 * @param nodes names of the machines; empty until they are ready
 * @param ready whether work can start
 * @param waitingFor what has to happen before anything is taken, one sentence; empty once something is. Such a wait costs nothing
 * @param turn the place in its namespace's queue, {@code place 3 of 5}; the claim is made once nobody is before it, when it is asked for
 *     again
 * @param counted what the user's own nodes are that were taken, one sentence; empty where a machine is what it was asked for
 */
public record NodeLease(
        String name,
        MachineOption option,
        List<String> nodes,
        boolean ready,
        Optional<String> waitingFor,
        Optional<String> turn,
        Optional<String> counted) {

    public NodeLease {
        nodes = List.copyOf(nodes);
        // Absent from what earlier releases answered.
        counted = Objects.requireNonNullElse(counted, Optional.empty());
    }

    /** Machines that are taken, whether or not they are ready. */
    public NodeLease(String name, MachineOption option, List<String> nodes, boolean ready) {
        this(name, option, nodes, ready, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The user's own nodes, which are what they are. */
    public static NodeLease own(String name, MachineOption found, List<String> nodes, String counted) {
        return new NodeLease(name, found, nodes, true, Optional.empty(), Optional.empty(), Optional.of(counted));
    }

    /** A claim that has taken nothing yet. */
    public static NodeLease waiting(String name, MachineOption option, String reason) {
        return new NodeLease(name, option, List.of(), false, Optional.of(reason), Optional.empty(), Optional.empty());
    }

    /** A claim that is not made before it is the workspace's turn. */
    public static NodeLease queued(String name, MachineOption option, String turn, String reason) {
        return new NodeLease(name, option, List.of(), false, Optional.of(reason), Optional.of(turn), Optional.empty());
    }

    /** Whether others come first. */
    public boolean queued() {
        return turn.isPresent();
    }
}
