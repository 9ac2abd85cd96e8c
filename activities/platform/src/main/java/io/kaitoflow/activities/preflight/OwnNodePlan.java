package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.ComputeCapability;
import io.kaitoflow.presets.Precision;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.OwnNeed;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The user's own nodes for a request, in the number format that the nodes can do that are there.
 *
 * @param request what is asked for
 * @param spreads whether its job spreads over the devices of a node
 * @param memory what the job takes in a number format
 * @param nodes what there is
 */
record OwnNodePlan(WorkspaceRequest request, boolean spreads, Function<Precision, JobMemory> memory, OwnNodes nodes) {

    private static final ComputeCapability NATIVE_BF16 = new ComputeCapability(8, 0);

    /** Without nodes that can do what is wanted, the format that any device can do; without any nodes what is wanted. */
    MachineChoice.Choice in(Precision wanted) {
        if (wanted != Precision.BF16) {
            return choice(wanted, Optional.empty());
        }
        MachineChoice.Choice first = choice(wanted, Optional.of(NATIVE_BF16));
        MachineChoice.Choice other = first.expected().isPresent() ? first : choice(Precision.FP16, Optional.empty());
        return other.expected().isPresent() ? noted(first, other) : choice(wanted, Optional.empty());
    }

    private static MachineChoice.Choice noted(MachineChoice.Choice first, MachineChoice.Choice used) {
        List<String> notes = new ArrayList<>(used.notes());
        if (used.precision() != first.precision()) {
            notes.add("Devices of these nodes have no native " + first.precision() + ", so " + used.precision()
                    + " is used.");
        }
        return new MachineChoice.Choice(used.machines(), used.precision(), notes, used.expected());
    }

    private MachineChoice.Choice choice(Precision precision, Optional<ComputeCapability> capability) {
        ByteSize least = request.terms().bypassResourceChecks()
                ? ByteSize.ofBytes(0)
                : memory.apply(precision).needed();
        MachineOption own = MachineOption.own(least, new OwnNeed(spreads, capability, OptionalInt.empty()));
        OwnNodes.Prospect seen = nodes.look(new NodeRequest(request.id(), own, request.machines(), 0));
        List<String> notes = new ArrayList<>(seen.notes());
        notes.add("A node must be ready, with the labels of resource.labelSelector and at least " + least
                + (spreads ? " on all devices together." : " on a device."));
        return new MachineChoice.Choice(List.of(own), precision, notes, seen.expected());
    }
}
