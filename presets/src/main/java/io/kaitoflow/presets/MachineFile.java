package io.kaitoflow.presets;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Machines as a YAML file lists them: those of this release, or what an installation says of its own prices and machines in the same
 * form, {@code gpus} by their names and a list of {@code skus}; either may be left out. Immutable.
 */
public final class MachineFile {

    /** Under which the values of the chart hold it. */
    private static final String SECTION = "catalogue";

    private static final String GPUS = "gpus";
    private static final String SKUS = "skus";
    private static final String EXAMPLE =
            "{name: Standard_NC24ads_A100_v4, price: {hourlyUsd: 2.9, region: westeurope, asOf: 2026-11-01}}";

    private final CatalogueText text;
    private final Map<String, Device> gpus;
    private final Map<String, Machine> skus;
    private final Map<String, Price> prices;

    private MachineFile(
            CatalogueText text, Map<String, Device> gpus, Map<String, Machine> skus, Map<String, Price> prices) {
        this.text = text;
        this.gpus = gpus;
        this.skus = skus;
        this.prices = prices;
    }

    /**
     * Reads a file, or its section {@code catalogue}, which the values of the chart have.
     *
     * @throws IllegalArgumentException that names file, entry, field, value, rule and cure
     */
    public static MachineFile read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": there is no such file.", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /**
     * Reads text of the same form.
     *
     * @param place what it is called in messages
     * @throws IllegalArgumentException that names place, entry, field, value, rule and cure
     */
    public static MachineFile parse(String place, String yaml) {
        return of(new CatalogueText(place, yaml), Price.Kind.OWN);
    }

    static MachineFile ofThisRelease() {
        CatalogueFile shipped = new CatalogueFile("gpu-skus.yaml");
        return of(new CatalogueText(shipped.name(), shipped.text()), Price.Kind.LIST);
    }

    static MachineFile none() {
        return new MachineFile(new CatalogueText("", ""), Map.of(), Map.of(), Map.of());
    }

    private static MachineFile of(CatalogueText text, Price.Kind kind) {
        JsonNode root = section(text);
        Map<String, Device> gpus = new LinkedHashMap<>();
        root.path(GPUS).properties().forEach(gpu -> {
            String entry = entry(GPUS, gpu.getKey());
            gpus.put(gpu.getKey(), text.read(gpu.getValue(), entry, Device.class));
        });
        Map<String, Machine> skus = new LinkedHashMap<>();
        Map<String, Price> prices = new LinkedHashMap<>();
        for (JsonNode node : root.path(SKUS)) {
            Machine sku = sku(text, node, skus.size() + 1);
            if (skus.putIfAbsent(sku.name(), sku) != null) {
                throw text.wrong(entry(SKUS, sku.name()) + " is there twice. Keep one of both.");
            }
            sku.price().ifPresent(price -> prices.put(sku.name(), price.of(kind)));
        }
        return new MachineFile(text, gpus, skus, prices);
    }

    private static JsonNode section(CatalogueText text) {
        JsonNode root = text.tree();
        JsonNode section = root.has(SECTION) ? root.path(SECTION) : root;
        boolean formed = section.isObject()
                && (section.path(GPUS).isMissingNode() || section.path(GPUS).isObject())
                && (section.path(SKUS).isMissingNode() || section.path(SKUS).isArray());
        if (!formed) {
            throw text.wrong(
                    "must be gpus: {NAME: {…}}, skus: [{name: NAME, …}], or both. Write e.g. skus: [" + EXAMPLE + "].");
        }
        section.fieldNames().forEachRemaining(name -> {
            if (!Set.of(GPUS, SKUS).contains(name)) {
                throw text.wrong(
                        name + " is no field; there are gpus and skus, or a section " + SECTION + " that holds them.");
            }
        });
        return section;
    }

    private static Machine sku(CatalogueText text, JsonNode node, int number) {
        String name = node.path("name").asText();
        if (name.isBlank()) {
            throw text.wrong("skus: entry " + number + " " + node + " has no name. Write e.g. " + EXAMPLE + ".");
        }
        return text.read(node, entry(SKUS, name), Machine.class);
    }

    private static String entry(String list, String name) {
        return list + ": " + name;
    }

    /**
     * What was known, and this: a field that an entry here gives replaces the one of before.
     *
     * @throws IllegalArgumentException when an entry of a new name leaves out what nobody knows, or names no GPU
     */
    MachineFile over(MachineFile known) {
        Map<String, Device> allGpus = new LinkedHashMap<>(known.gpus);
        gpus.forEach((name, gpu) -> allGpus.put(name, over(name, gpu, known)));
        Map<String, Machine> allSkus = new LinkedHashMap<>(known.skus);
        skus.forEach((name, sku) -> allSkus.put(name, over(sku, known, allGpus.keySet())));
        Map<String, Price> allPrices = new LinkedHashMap<>(known.prices);
        allPrices.putAll(prices);
        return new MachineFile(text, allGpus, allSkus, allPrices);
    }

    private Device over(String name, Device gpu, MachineFile known) {
        Device all = Optional.ofNullable(known.gpus.get(name)).map(gpu::over).orElse(gpu);
        requireAll(entry(GPUS, name), all.missing(), known.gpus.keySet(), name);
        return all;
    }

    private Machine over(Machine sku, MachineFile known, Set<String> devices) {
        String name = sku.name();
        Machine all = Optional.ofNullable(known.skus.get(name)).map(sku::over).orElse(sku);
        requireAll(entry(SKUS, name), all.missing(), known.skus.keySet(), name);
        requireKnown(name, all.gpu().orElseThrow(), devices);
        return all;
    }

    /** Kinds of devices, each complete. */
    List<GpuModel> models() {
        return gpus.values().stream().map(Device::complete).toList();
    }

    /** Machines, each complete. */
    List<GpuSku> machines() {
        return skus.values().stream().map(this::complete).toList();
    }

    private GpuSku complete(Machine sku) {
        GpuModel model = sku.gpu().map(gpus::get).map(Device::complete).orElseThrow();
        return new GpuSku(
                sku.name(),
                sku.provider().orElseThrow(),
                model,
                sku.gpus().orElseThrow(),
                Optional.ofNullable(prices.get(sku.name())),
                sku.retirement());
    }

    private void requireAll(String entry, List<String> missing, Set<String> known, String name) {
        if (!missing.isEmpty()) {
            throw text.wrong(entry + " is not known yet" + meant(name, known)
                    + " Mend the name, or add what a new one needs: " + String.join(", ", missing) + ".");
        }
    }

    private void requireKnown(String name, String gpu, Set<String> known) {
        if (!known.contains(gpu)) {
            throw text.wrong(entry(SKUS, name) + ": gpu: \"" + gpu + "\" is no GPU of the catalogue"
                    + meant(gpu, known) + " Write one of " + String.join(", ", known)
                    + ", or describe it under gpus.");
        }
    }

    private static String meant(String name, Set<String> known) {
        String suggestion = NearestNames.of(known).suggestion(name);
        return suggestion.isEmpty() ? "." : suggestion;
    }

    /** Fields that are still missing, by name. */
    private static List<String> missing(Map<String, Optional<?>> fields) {
        return fields.entrySet().stream()
                .filter(field -> field.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** A kind of device, as far as it is said. */
    record Device(
            Optional<String> model,
            Optional<ByteSize> gpuMemory,
            Optional<ComputeCapability> computeCapability,
            Optional<Double> teraflops) {

        private static final ByteSize LEAST = ByteSize.ofGibibytes(1);

        Device {
            gpuMemory.ifPresent(memory -> require(
                    memory.compareTo(LEAST) >= 0,
                    "gpuMemory: " + memory + " must be at least " + LEAST + ". Write its unit, e.g. 141 GiB."));
            teraflops.ifPresent(peak -> require(
                    peak > 0, "teraflops: " + peak + " must be above 0. Write the dense 16-bit peak of one device."));
        }

        Device over(Device known) {
            return new Device(
                    model.or(known::model),
                    gpuMemory.or(known::gpuMemory),
                    computeCapability.or(known::computeCapability),
                    teraflops.or(known::teraflops));
        }

        List<String> missing() {
            return MachineFile.missing(Map.of(
                    "model", model,
                    "gpuMemory", gpuMemory,
                    "computeCapability", computeCapability,
                    "teraflops", teraflops));
        }

        GpuModel complete() {
            return new GpuModel(
                    model.orElseThrow(),
                    gpuMemory.orElseThrow(),
                    computeCapability.orElseThrow(),
                    teraflops.orElseThrow());
        }
    }

    /** A machine, as far as it is said. */
    record Machine(
            String name,
            Optional<String> provider,
            Optional<String> gpu,
            Optional<Integer> gpus,
            Optional<Asked> price,
            Optional<LocalDate> retirement) {

        private static final Pattern PROVIDER = Pattern.compile("[a-z][a-z0-9-]*");

        Machine {
            provider.ifPresent(cloud -> require(
                    PROVIDER.matcher(cloud).matches(),
                    "provider: \"" + cloud + "\" must be lower-case letters, digits and hyphens."
                            + " Write azure, aws, gcp, or what nodes.cloud of the chart says."));
            gpus.ifPresent(count -> require(
                    count >= 1, "gpus: " + count + " must be at least 1. Write how many devices the machine has."));
        }

        Machine over(Machine known) {
            return new Machine(
                    name,
                    provider.or(known::provider),
                    gpu.or(known::gpu),
                    gpus.or(known::gpus),
                    price.or(known::price),
                    retirement.or(known::retirement));
        }

        List<String> missing() {
            return MachineFile.missing(Map.of("provider", provider, "gpu", gpu, "gpus", gpus));
        }
    }

    /** A price in the file; its date is never left out, since nobody should take it for today's. */
    record Asked(
            Optional<BigDecimal> hourlyUsd,
            Optional<BigDecimal> spotHourlyUsd,
            Optional<String> region,
            Optional<LocalDate> asOf) {

        Asked {
            hourlyUsd.ifPresent(usd -> requireAmount("hourlyUsd", usd));
            spotHourlyUsd.ifPresent(usd -> requireAmount("spotHourlyUsd", usd));
            require(
                    hourlyUsd.isPresent(),
                    "hourlyUsd is missing. Write what an hour of the whole machine costs in US dollars.");
            require(
                    asOf.isPresent(),
                    "asOf is missing. Write the day on which the price was true, e.g. asOf: 2026-11-01.");
        }

        private static void requireAmount(String field, BigDecimal usd) {
            require(
                    usd.signum() >= 0,
                    field + ": " + usd
                            + " must be 0 or more. Write what an hour of the whole machine costs in US dollars.");
        }

        Price of(Price.Kind kind) {
            return new Price(hourlyUsd.orElseThrow(), spotHourlyUsd, region, asOf.orElseThrow(), kind);
        }
    }
}
