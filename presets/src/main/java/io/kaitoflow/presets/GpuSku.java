package io.kaitoflow.presets;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
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

    /** Cheapest first, as spot or on demand. Unpriced machines come last: they may be had, but never by accident. */
    public static Comparator<GpuSku> cheapest(boolean spot) {
        return Comparator.<GpuSku, BigDecimal>comparing(
                        sku -> sku.hourlyUsd(spot).orElse(BigDecimal.valueOf(Long.MAX_VALUE)))
                .thenComparing(GpuSku::name);
    }

    /** What is counted for it, as spot or on demand. */
    public Optional<BigDecimal> hourlyUsd(boolean spot) {
        return price.map(known -> known.hourlyUsd(spot));
    }

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
