package io.kaitoflow.workflows.plan;

import io.kaitoflow.presets.ComputeCapability;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user's own nodes must be like, beyond the memory that is needed. A node is always taken whole.
 *
 * @param spread whether all devices of a node hold the job together; else one of them must
 * @param capability of its devices at least, where it is known of them
 * @param devices of each node, no more and no fewer, once a cap admitted as many; empty lets the provider choose
 */
public record OwnNeed(boolean spread, Optional<ComputeCapability> capability, OptionalInt devices) {

    /** Any number of devices, of which one must hold the job, whatever its generation. */
    public static OwnNeed any() {
        return new OwnNeed(false, Optional.empty(), OptionalInt.empty());
    }

    OwnNeed exactly(OptionalInt wanted) {
        return new OwnNeed(spread, capability, wanted);
    }
}
