package io.kaitoflow.presets;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The GPU machines whose memory and generation are known. Immutable; two that know the same are equal. */
public final class GpuCatalogue {

    private final MachineFile known;
    private final Map<String, GpuSku> skus = new LinkedHashMap<>();
    private final List<GpuModel> devices;

    private GpuCatalogue(MachineFile known) {
        this.known = known;
        known.machines().forEach(sku -> skus.put(sku.name(), sku));
        devices = known.models();
    }

    /** Reads the catalogue of this release. */
    public static GpuCatalogue load() {
        return new GpuCatalogue(MachineFile.none()).with(MachineFile.ofThisRelease());
    }

    /**
     * This catalogue and what a file says: an entry of a known name replaces the fields that it gives, one of a new name is added.
     *
     * @throws IllegalArgumentException when an entry of a new name leaves out what nobody knows, or names no GPU
     */
    public GpuCatalogue with(MachineFile file) {
        return new GpuCatalogue(file.over(known));
    }

    public List<GpuSku> skus() {
        return List.copyOf(skus.values());
    }

    /** @param name exactly as the cloud writes it */
    public Optional<GpuSku> find(String name) {
        return Optional.ofNullable(skus.get(name));
    }

    /**
     * The kind of device that NVIDIA's tools give a name, e.g. {@code NVIDIA-A100-SXM4-80GB}; empty where the name leaves open which
     * one it is, and for a part of a device.
     */
    public Optional<GpuModel> device(String product) {
        return new ProductName(product).among(devices);
    }

    /** Names that look like an unknown one, nearest first. */
    public NearestNames names() {
        return NearestNames.of(skus.keySet());
    }

    /**
     * Machines of one provider that hold a job, the cheapest on demand first; those that the cloud no longer leases are left out.
     *
     * @param needed on one device, since one job runs on one
     */
    public List<GpuSku> fitting(ByteSize needed, String provider, LocalDate today) {
        return skus.values().stream()
                .filter(sku -> sku.provider().equals(provider))
                .filter(sku -> !sku.retiredOn(today))
                .filter(sku -> sku.gpu().gpuMemory().compareTo(needed) >= 0)
                .sorted(GpuSku.cheapest(false))
                .toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GpuCatalogue that && skus.equals(that.skus) && devices.equals(that.devices);
    }

    @Override
    public int hashCode() {
        return Objects.hash(skus, devices);
    }

    /** How much is in it, for logs. */
    @Override
    public String toString() {
        long own = skus.values().stream()
                .flatMap(sku -> sku.price().stream())
                .filter(price -> price.kind() == Price.Kind.OWN)
                .count();
        return skus.size() + " machines, " + own + " own prices";
    }
}
