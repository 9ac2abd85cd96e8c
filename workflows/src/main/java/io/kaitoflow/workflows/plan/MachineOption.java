package io.kaitoflow.workflows.plan;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Throughput;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * A kind of machine that fits, in the order in which they are tried.
 *
 * @param instanceType cloud SKU, or {@code local} for this machine, or {@code own} for the user's nodes
 * @param gpus devices
 * @param gpuMemory of all devices together
 * @param hourlyUsd price where it is known
 * @param spot whether spot capacity is asked for
 * @param speed of one device in training, where it can be said
 */
public record MachineOption(
        String instanceType,
        int gpus,
        ByteSize gpuMemory,
        Optional<BigDecimal> hourlyUsd,
        boolean spot,
        Optional<Throughput> speed) {

    /** A machine of unknown speed. */
    public MachineOption(
            String instanceType, int gpus, ByteSize gpuMemory, Optional<BigDecimal> hourlyUsd, boolean spot) {
        this(instanceType, gpus, gpuMemory, hourlyUsd, spot, Optional.empty());
    }
}
