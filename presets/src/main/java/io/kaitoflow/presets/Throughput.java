package io.kaitoflow.presets;

/**
 * How fast a machine multiplies matrices.
 *
 * @param teraflops 10¹² floating-point operations a second
 */
public record Throughput(double teraflops) {

    /** What training was measured to reach on each of two Zen 4 cores with bf16 instructions; other processors differ. */
    private static final double ONE_CORE = 0.12;

    /** The same in float32 on each of two Zen 3 cores, which have no kernels for bfloat16. */
    private static final double ONE_CORE_IN_FLOAT32 = 0.06;

    /** Share of a GPU's peak that training is expected to reach; assumed, not measured. */
    private static final double SHARE_OF_PEAK = 0.3;

    /**
     * Of a machine without a GPU.
     *
     * @param precision that its processors compute in: bfloat16 where they have kernels for it, else float32
     */
    public static Throughput ofCores(int cores, Precision precision) {
        return new Throughput(cores * (precision == Precision.FP32 ? ONE_CORE_IN_FLOAT32 : ONE_CORE));
    }

    /** What training gets out of a device with this peak. */
    public Throughput inTraining() {
        return new Throughput(teraflops * SHARE_OF_PEAK);
    }
}
