package io.kaitoflow.presets;

/**
 * A kind of GPU.
 *
 * @param model as the vendor calls it
 * @param gpuMemory of one device
 * @param computeCapability its generation
 */
public record GpuModel(String model, ByteSize gpuMemory, ComputeCapability computeCapability) {}
