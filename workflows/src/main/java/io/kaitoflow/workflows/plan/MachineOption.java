package io.kaitoflow.workflows.plan;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Throughput;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A kind of machine that fits, in the order in which they are tried.
 *
 * @param instanceType cloud SKU, or {@code local} for this machine, or {@link #OWN} for the user's nodes
 * @param gpus devices; in a request for the user's own nodes at least as many
 * @param gpuMemory of all devices together, zero where nobody knows; in a request for the user's own nodes what is needed, on a device
 *     or on all, as {@code need} says
 * @param hourlyUsd price where it is known
 * @param spot whether spot capacity is asked for
 * @param speed of one device in training, where it can be said
 * @param zone that is asked for, as the provider calls it; empty leaves it to the provider
 * @param need of the user's own nodes; empty for what is bought
 */
public record MachineOption(
        String instanceType,
        int gpus,
        ByteSize gpuMemory,
        Optional<BigDecimal> hourlyUsd,
        boolean spot,
        Optional<Throughput> speed,
        Optional<String> zone,
        Optional<OwnNeed> need) {

    /** The kind of a user's own nodes: nothing is bought. */
    public static final String OWN = "own";

    public MachineOption {
        // Absent from plans and claims of earlier releases.
        need = Objects.requireNonNullElse(need, Optional.empty());
    }

    /** The user's own nodes with so much memory. */
    public static MachineOption own(ByteSize memory, OwnNeed need) {
        return new MachineOption(
                OWN, 1, memory, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.of(need));
    }

    /** A machine in whatever zone the provider chooses. */
    public MachineOption(
            String instanceType,
            int gpus,
            ByteSize gpuMemory,
            Optional<BigDecimal> hourlyUsd,
            boolean spot,
            Optional<Throughput> speed) {
        this(instanceType, gpus, gpuMemory, hourlyUsd, spot, speed, Optional.empty(), Optional.empty());
    }

    /** The same in one zone. */
    public MachineOption in(String wanted) {
        return new MachineOption(instanceType, gpus, gpuMemory, hourlyUsd, spot, speed, Optional.of(wanted), need);
    }

    /** A machine of unknown speed. */
    public MachineOption(
            String instanceType, int gpus, ByteSize gpuMemory, Optional<BigDecimal> hourlyUsd, boolean spot) {
        this(instanceType, gpus, gpuMemory, hourlyUsd, spot, Optional.empty());
    }

    /** Whether nothing is bought: these are the user's nodes. */
    public boolean owned() {
        return instanceType.equals(OWN);
    }

    /** What the user's own nodes must be like; plans of earlier releases said nothing of it. */
    public OwnNeed needed() {
        return need.orElseGet(OwnNeed::any);
    }

    /** How many devices of each machine are counted: all, as far as is known. */
    public int counted() {
        return needed().devices().orElse(gpus);
    }

    /** Of the user's own nodes, those with as many devices, no more and no fewer. */
    public MachineOption exactly(int devices) {
        return with(needed().exactly(OptionalInt.of(devices)));
    }

    /** As it was asked for, before a number of devices was admitted. */
    public MachineOption asked() {
        return needed().devices().isEmpty() ? this : with(needed().exactly(OptionalInt.empty()));
    }

    private MachineOption with(OwnNeed other) {
        return new MachineOption(instanceType, gpus, gpuMemory, hourlyUsd, spot, speed, zone, Optional.of(other));
    }
}
