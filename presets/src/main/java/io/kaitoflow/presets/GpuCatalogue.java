package io.kaitoflow.presets;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The GPU machines whose memory and generation are known. Immutable. */
public final class GpuCatalogue {

    /** Unpriced machines come last: they may be had, but never by accident. */
    private static final Comparator<GpuSku> CHEAPEST = Comparator.<GpuSku, BigDecimal>comparing(
                    sku -> sku.price().map(Price::hourlyUsd).orElse(BigDecimal.valueOf(Long.MAX_VALUE)))
            .thenComparing(GpuSku::name);

    private final Map<String, GpuSku> skus = new LinkedHashMap<>();
    private final List<GpuModel> devices;

    private GpuCatalogue(List<GpuSku> skus, Collection<GpuModel> devices) {
        skus.forEach(sku -> this.skus.put(sku.name(), sku));
        this.devices = List.copyOf(devices);
    }

    /** Reads the catalogue of this release. */
    public static GpuCatalogue load() {
        File file = new CatalogueFile("gpu-skus.yaml").read(File.class);
        return new GpuCatalogue(
                file.skus().stream().map(entry -> entry.sku(file)).toList(),
                file.gpus().values());
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
     * Machines of one provider that hold a job, cheapest first; those that the cloud no longer leases are left out.
     *
     * @param needed on one device, since one job runs on one
     */
    public List<GpuSku> fitting(ByteSize needed, String provider, LocalDate today) {
        return skus.values().stream()
                .filter(sku -> sku.provider().equals(provider))
                .filter(sku -> !sku.retiredOn(today))
                .filter(sku -> sku.gpu().gpuMemory().compareTo(needed) >= 0)
                .sorted(CHEAPEST)
                .toList();
    }

    /** The form of {@code gpu-skus.yaml}. */
    private record File(Map<String, GpuModel> gpus, List<Entry> skus) {}

    private record Entry(
            String name, String provider, String gpu, int gpus, Optional<Price> price, Optional<LocalDate> retirement) {

        GpuSku sku(File file) {
            GpuModel model = file.gpus().get(gpu);
            if (model == null) {
                throw new IllegalStateException("SKU " + name + ": no GPU is called " + gpu);
            }
            return new GpuSku(name, provider, model, gpus, price, retirement);
        }
    }
}
