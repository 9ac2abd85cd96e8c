package io.kaitoflow.worker.cli;

import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.GpuSku;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code check} prints.
 *
 * @param findings everything, refusals and warnings
 * @param plan when there can be one
 * @param dataset when the rows could be read
 * @param notes a user may want to know
 */
record CheckReport(
        List<Finding> findings, Optional<WorkspacePlan> plan, Optional<DatasetReport> dataset, List<String> notes) {

    CheckReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    static CheckReport refused(List<Finding> refusals, List<String> notes) {
        return new CheckReport(refusals, Optional.empty(), Optional.empty(), notes);
    }

    boolean passed() {
        return findings.stream().noneMatch(finding -> finding.severity() == Severity.REFUSAL);
    }

    /** @param machines say where prices come from */
    void print(PrintStream out, GpuCatalogue machines) {
        plan.ifPresent(made -> print(out, made, machines));
        dataset.ifPresent(rows -> print(out, rows));
        notes.forEach(note -> out.println("note      " + note));
        // Model and rows may need the same thing; that it is missing is said once.
        findings.stream()
                .map(finding -> label(finding.severity()) + finding.message())
                .distinct()
                .forEach(out::println);
        out.println(passed() ? "Passed" : "Refused");
    }

    private static void print(PrintStream out, WorkspacePlan plan, GpuCatalogue catalogue) {
        out.println("model     " + plan.preset().name() + " (" + plan.preset().architecture() + ", "
                + plan.preset().licence() + ")");
        out.println("memory    tuning " + plan.trainingMemory() + ", serving " + plan.servingMemory() + ", in "
                + plan.computeType());
        List<MachineOption> machines = plan.expected().map(List::of).orElse(plan.machines());
        for (int i = 0; i < machines.size(); i++) {
            out.println("machine " + (i + 1) + " " + describe(machines.get(i), catalogue));
        }
    }

    /** Kind, memory and price, and how old and where from the price is. */
    private static String describe(MachineOption machine, GpuCatalogue catalogue) {
        String devices = machine.gpus() > 1 ? " on " + machine.gpus() + " devices" : "";
        String memory = machine.gpuMemory().bytes() > 0 ? machine.gpuMemory().toString() : "memory unknown";
        String price = machine.hourlyUsd()
                .map(usd -> ", " + usd + " USD/h" + origin(machine.instanceType(), catalogue))
                .orElse(machine.gpus() > 0 && !machine.owned() ? ", price unknown" : "");
        return machine.instanceType() + (machine.spot() ? " (spot)" : "") + ", " + memory + devices + price;
    }

    private static String origin(String instanceType, GpuCatalogue catalogue) {
        return catalogue
                .find(instanceType)
                .flatMap(GpuSku::price)
                .map(price -> " (" + price.origin() + ")")
                .orElse("");
    }

    private static void print(PrintStream out, DatasetReport rows) {
        out.println(String.format(
                Locale.ROOT,
                "data      %,d rows, %,d held out, %,d tokens, %,d scored, longest %,d, truncated %,d, duplicates %,d%s",
                rows.rows(),
                rows.heldOutRows(),
                rows.tokens(),
                rows.scoredTokens(),
                rows.longestRow(),
                rows.truncatedRows(),
                rows.duplicates(),
                rows.exact() ? "" : " (estimated from a sample)"));
        if (!rows.files().isEmpty()) {
            out.println("          read from: " + String.join(", ", rows.files()));
        }
        if (!rows.lengths().isEmpty()) {
            out.println("          rows by length: " + rows.lengthsInWords());
        }
        rows.longest().forEach(row -> out.println("          longest: " + row));
    }

    private static String label(Severity severity) {
        return switch (severity) {
            case REFUSAL -> "refused   ";
            case WARNING -> "warning   ";
            case NOTE -> "note      ";
        };
    }
}
