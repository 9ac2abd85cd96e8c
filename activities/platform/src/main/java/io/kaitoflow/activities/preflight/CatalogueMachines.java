package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.GpuSku;
import io.kaitoflow.presets.Precision;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Machines of one cloud, from the catalogue: those that the request names, in its order, or for {@code auto} the cheapest that
 * hold the job. A request that names none means the user's own nodes.
 */
public final class CatalogueMachines implements MachineChoice {

    private static final String AUTO = "auto";

    private final GpuCatalogue catalogue;
    private final String provider;
    private final List<String> zones;
    private final OwnNodes own;
    private final Clock clock;

    /**
     * @param provider whose machines {@code auto} chooses from
     * @param zones that are asked one after the other; empty leaves the zone to the provider
     * @param own nodes of the user's
     */
    public CatalogueMachines(GpuCatalogue catalogue, String provider, List<String> zones, OwnNodes own, Clock clock) {
        this.catalogue = catalogue;
        this.provider = provider;
        this.zones = List.copyOf(zones);
        this.own = own;
        this.clock = clock;
    }

    @Override
    public Choice choose(WorkspaceRequest request, Precision wanted, Function<Precision, JobMemory> memory) {
        if (request.machines().instanceTypes().isEmpty()) {
            return new OwnNodePlan(request, spreads(request), memory, own).in(wanted);
        }
        List<GpuSku> named = inOrder(
                request,
                request.machines().spot(),
                request.machines().instanceTypes().stream()
                        .flatMap(name -> resolve(name, memory.apply(wanted).needed()).stream())
                        .toList());
        List<String> notes = new ArrayList<>();
        List<GpuSku> fitting = named.stream()
                .filter(sku -> fits(sku, spreads(request), memory.apply(sku.precisionFor(wanted)), notes)
                        || request.terms().bypassResourceChecks())
                .toList();
        if (fitting.isEmpty()) {
            throw new PlanException.TooSmall(
                    notes.isEmpty()
                            ? "No machine of " + provider + " in the catalogue holds the job."
                            : String.join(" ", notes));
        }
        order(request, memory.apply(wanted)).ifPresent(notes::add);
        fitting.forEach(sku -> describe(sku, wanted, notes));
        Precision precision = fitting.getFirst().precisionFor(wanted);
        if (request.machines().spot()) {
            notes.add(aboutSpot(fitting));
        }
        return new Choice(options(request, fitting), precision, notes);
    }

    private static String aboutSpot(List<GpuSku> skus) {
        String dear = skus.stream()
                .filter(sku -> sku.price()
                        .filter(price -> price.spotHourlyUsd().isEmpty())
                        .isPresent())
                .map(GpuSku::name)
                .distinct()
                .collect(Collectors.joining(", "));
        return "Spot machines are asked for first. They may be taken away at any time; tuning then goes on from its last"
                + " checkpoint."
                + (dear.isEmpty()
                        ? ""
                        : " The price on demand, which is higher, is counted for " + dear
                                + ": the catalogue knows no spotHourlyUsd.");
    }

    /** What the manifest leaves to the catalogue goes by price. */
    private static List<GpuSku> inOrder(WorkspaceRequest request, boolean spot, List<GpuSku> skus) {
        return request.machines().instanceTypes().equals(List.of(AUTO))
                ? skus.stream().sorted(GpuSku.cheapest(spot)).toList()
                : skus;
    }

    private Optional<String> order(WorkspaceRequest request, JobMemory job) {
        List<String> named = request.machines().instanceTypes();
        if (named.contains(AUTO)) {
            return Optional.of("Machines are tried cheapest first, by price: those of " + provider
                    + " in the catalogue with at least " + job.needed() + " on a device.");
        }
        return named.size() > 1
                ? Optional.of("Machines are tried in the order in which the manifest names them.")
                : Optional.empty();
    }

    /** Every kind as spot before any on demand: who asks for spot wants to save, whatever the kind. */
    private List<MachineOption> options(WorkspaceRequest request, List<GpuSku> skus) {
        return (request.machines().spot() ? Stream.of(true, false) : Stream.of(false))
                .flatMap(spot -> inOrder(request, spot, skus).stream().map(sku -> option(sku, spot)))
                .flatMap(option ->
                        zones.isEmpty() ? Stream.of(option) : zones.stream().map(option::in))
                .toList();
    }

    private List<GpuSku> resolve(String name, ByteSize needed) {
        if (name.equals(AUTO)) {
            return catalogue.fitting(needed, provider, LocalDate.now(clock));
        }
        return List.of(catalogue
                .find(name)
                .orElseThrow(() -> new PlanException.Unknown(
                        "resource.instanceType: \"" + name + "\" is no machine of the catalogue"
                                + catalogue.names().suggestion(name))));
    }

    /** vLLM spreads a model over the devices of a machine; nothing else of ours does. */
    private static boolean spreads(WorkspaceRequest request) {
        return request.serving().byVllm() && request.goal().tuning().isEmpty();
    }

    private static boolean fits(GpuSku sku, boolean spreads, JobMemory job, List<String> notes) {
        ByteSize memory = spreads ? sku.totalMemory() : sku.gpu().gpuMemory();
        boolean fits = job.needed().compareTo(memory) <= 0;
        if (!fits) {
            notes.add(sku.name() + " has " + memory + (spreads ? " on all devices" : " on a device")
                    + " and the job needs " + job.needed() + ": "
                    + job.explanation() + ".");
        }
        return fits;
    }

    private void describe(GpuSku sku, Precision wanted, List<String> notes) {
        Precision possible = sku.precisionFor(wanted);
        if (possible != wanted) {
            notes.add(sku.name() + ": " + sku.gpu().model() + " (compute capability "
                    + sku.gpu().computeCapability() + ") has no native " + wanted + ", so " + possible + " is used.");
        }
        if (sku.retiredOn(LocalDate.now(clock))) {
            notes.add(sku.name() + " was retired by its cloud on "
                    + sku.retirement().orElseThrow() + "; it may not be had any more.");
        }
    }

    private static MachineOption option(GpuSku sku, boolean spot) {
        return new MachineOption(
                sku.name(),
                sku.gpus(),
                sku.totalMemory(),
                sku.hourlyUsd(spot),
                spot,
                Optional.of(sku.gpu().peak().inTraining()));
    }
}
