package io.kaitoflow.workflows.plan;

import io.kaitoflow.presets.ByteSize;
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
 */
public record MachineOption(
        String instanceType, int gpus, ByteSize gpuMemory, Optional<BigDecimal> hourlyUsd, boolean spot) {}
