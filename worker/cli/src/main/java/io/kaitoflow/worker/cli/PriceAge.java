package io.kaitoflow.worker.cli;

import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.GpuSku;
import io.kaitoflow.presets.Price;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Warns of prices that are older than a year where something is decided by them.
 *
 * @param catalogue whose prices they are
 * @param capped whether the namespace has a cap in US dollars
 * @param today when they are used
 */
record PriceAge(GpuCatalogue catalogue, boolean capped, LocalDate today) {

    private static final String AUTO = "auto";
    private static final int NAMED = 2;

    /** Empty where nothing rests on a price, and where all are young. */
    Optional<Finding> warning(WorkspaceRequest request, WorkspacePlan plan) {
        List<String> decided = decided(request);
        List<String> old = plan.machines().stream()
                .map(MachineOption::instanceType)
                .distinct()
                .flatMap(name -> catalogue.find(name).stream())
                .flatMap(sku -> old(sku).stream())
                .toList();
        return decided.isEmpty() || old.isEmpty() ? Optional.empty() : Optional.of(finding(decided, old));
    }

    private List<String> decided(WorkspaceRequest request) {
        return Stream.of(
                        request.machines().instanceTypes().contains(AUTO) ? "the choice of a machine (auto)" : "",
                        request.terms().budgetUsd().isPresent() ? "the budget" : "",
                        capped ? "the namespace's cap" : "")
                .filter(what -> !what.isEmpty())
                .toList();
    }

    private Optional<String> old(GpuSku sku) {
        return sku.price().filter(price -> price.isOld(today)).map(Price::asOf).map(day -> sku.name() + " of " + day);
    }

    private static Finding finding(List<String> decided, List<String> old) {
        String more = old.size() > NAMED ? " and " + (old.size() - NAMED) + " more" : "";
        return new Finding(
                Severity.WARNING,
                FailureKind.INVALID_REQUEST,
                "resource.instanceType",
                "Prices older than a year decide " + String.join(" and ", decided) + ": "
                        + old.stream().limit(NAMED).collect(Collectors.joining(", ")) + more
                        + ". Give your own with --catalogue FILE here, and to a cluster with the chart's value catalogue.");
    }
}
