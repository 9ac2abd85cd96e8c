package io.kaitoflow.presets;

import java.time.LocalDate;
import java.util.Optional;

/**
 * A machine with GPUs that a cloud leases.
 *
 * @param name as the cloud and users write it, e.g. {@code Standard_NC6s_v3}
 * @param provider {@code azure}, {@code aws} or {@code gcp}
 * @param gpu its kind of device
 * @param gpus devices
 * @param price where the catalogue knows it
 * @param retirement the day on which the cloud stops leasing it, where that is known
 */
public record GpuSku(
        String name, String provider, GpuModel gpu, int gpus, Optional<Price> price, Optional<LocalDate> retirement) {

    /** Memory of all devices. */
    public ByteSize totalMemory() {
        return gpu.gpuMemory().times(gpus);
    }

    /** The wanted format, or the one that the device can do in its place: fp16 where bf16 is only emulated. */
    public Precision precisionFor(Precision wanted) {
        boolean emulated = wanted == Precision.BF16 && !gpu.computeCapability().nativeBf16();
        return emulated ? Precision.FP16 : wanted;
    }

    /** Whether the cloud no longer leases it. */
    public boolean retiredOn(LocalDate day) {
        return retirement.filter(end -> !day.isBefore(end)).isPresent();
    }
}
