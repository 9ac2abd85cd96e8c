package io.kaitoflow.presets;

/**
 * A kind of GPU.
 *
 * @param model as the vendor calls it
 * @param gpuMemory of one device
 * @param computeCapability its generation
 * @param teraflops peak of its tensor cores in 16-bit formats, dense, as the vendor's data sheet names it
 */
public record GpuModel(String model, ByteSize gpuMemory, ComputeCapability computeCapability, double teraflops) {

    /** The peak of one device. */
    public Throughput peak() {
        return new Throughput(teraflops);
    }
}
