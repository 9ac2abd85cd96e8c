package io.kaitoflow.workflows.plan;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Throughput;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * A kind of machine that fits, in the order in which they are tried.
 *
 * @param instanceType cloud SKU, or {@code local} for this machine, or {@link #OWN} for the user's nodes
 * @param gpus devices
 * @param gpuMemory of all devices together; of the user's own nodes what a device must have
 * @param hourlyUsd price where it is known
 * @param spot whether spot capacity is asked for
 * @param speed of one device in training, where it can be said
 * @param zone that is asked for, as the provider calls it; empty leaves it to the provider
 */
public record MachineOption(
        String instanceType,
        int gpus,
        ByteSize gpuMemory,
        Optional<BigDecimal> hourlyUsd,
        boolean spot,
        Optional<Throughput> speed,
        Optional<String> zone) {

    /** The kind of a user's own nodes: nothing is bought. */
    public static final String OWN = "own";

    /** A machine in whatever zone the provider chooses. */
    public MachineOption(
            String instanceType,
            int gpus,
            ByteSize gpuMemory,
            Optional<BigDecimal> hourlyUsd,
            boolean spot,
            Optional<Throughput> speed) {
        this(instanceType, gpus, gpuMemory, hourlyUsd, spot, speed, Optional.empty());
    }

    /** The same in one zone. */
    public MachineOption in(String wanted) {
        return new MachineOption(instanceType, gpus, gpuMemory, hourlyUsd, spot, speed, Optional.of(wanted));
    }

    /** A machine of unknown speed. */
    public MachineOption(
            String instanceType, int gpus, ByteSize gpuMemory, Optional<BigDecimal> hourlyUsd, boolean spot) {
        this(instanceType, gpus, gpuMemory, hourlyUsd, spot, Optional.empty());
    }
}
