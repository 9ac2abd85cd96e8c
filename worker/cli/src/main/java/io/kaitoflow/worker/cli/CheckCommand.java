package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.activities.nodes.quota.CapTrial;
import io.kaitoflow.activities.preflight.PlanException;
import io.kaitoflow.bridge.refusal.MissingObject;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.worker.cli.local.LocalApply;
import io.kaitoflow.worker.cli.local.LocalSurroundings;
import io.kaitoflow.worker.cli.local.LookedAtObjects;
import io.kaitoflow.worker.cli.local.UserLogin;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.OutputFormat;
import io.kaitoflow.worker.cli.terminal.ProgressDisplay;
import io.kaitoflow.worker.cli.terminal.Terminal;
import io.kaitoflow.worker.cli.terminal.TerminalProgress;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.worker.tuner.LocalRooms;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow check}: everything that can be known before anything is bought. */
@Command(
        name = "check",
        description =
                "Reports what is wrong with a Workspace YAML, its data and its machine; exit status 1 when refused.",
        footer = {
            "",
            "Examples:",
            "  kaitoflow check helm/examples/quickstart-phi-3.yaml",
            "  kaitoflow check my.yaml -o json",
            "  kaitoflow check my.yaml --quotas values.yaml",
            "  kaitoflow check my.yaml --catalogue values.yaml",
            "  kubectl get nodes -o yaml > nodes.yaml && kaitoflow check my.yaml --nodes nodes.yaml"
        })
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption = new HomeOption();

    @Mixin
    private CatalogueOption machines = new CatalogueOption();

    @Mixin
    private QuotaOption quotas = new QuotaOption();

    @Mixin
    private NodesOption nodes = new NodesOption();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Parameters(paramLabel = "FILE", description = "The Workspace YAML, as kubectl apply takes it.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        LocalHome home = homeOption.prepared();
        Clock clock = Clock.systemUTC();
        CapTrial caps = quotas.trial();
        GpuCatalogue catalogue = machines.catalogue();
        CheckPlan plans = new CheckPlan(catalogue, nodes.nodes(catalogue), clock);
        LocalApply applied =
                LocalApply.of(file, catalogue, UserLogin.ofThisUser(), AllowedHosts.of(System.getenv()), clock);
        CheckReport report = switch (applied.translation()) {
            case Translation.Accepted accepted -> look(home, applied, accepted, caps, plans);
            case Translation.Refused refused ->
                CheckReport.refused(
                        refused.refusals().stream().map(CheckCommand::finding).toList(), refused.notes());
            case Translation.Waiting waiting ->
                CheckReport.refused(
                        waiting.missing().stream().map(CheckCommand::finding).toList(), waiting.notes());
        };
        if (output.json()) {
            OutputFormat.print(System.out, report);
        } else {
            report.print(System.out, catalogue);
        }
        return report.passed() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private CheckReport look(
            LocalHome home, LocalApply applied, Translation.Accepted accepted, CapTrial caps, CheckPlan plans) {
        WorkspaceRequest request = accepted.request();
        try (LookedAtObjects manifest = LookedAtObjects.of(applied, home);
                ProgressDisplay display = new ProgressDisplay(System.err, Terminal.isInteractive(), plans.clock())) {
            WorkspacePlan plan = plans.make(request);
            LocalRooms rooms = new LocalRooms(home, manifest.objects(), System.getenv());
            PreflightActivities.Input input = new PreflightActivities.Input(request, plan);
            PreflightReport report = new LocalSurroundings(rooms, request.id(), new TerminalProgress(display))
                    .preflight(false)
                    .inspect(input);
            List<String> notes = Stream.of(
                            accepted.notes(),
                            plan.notes(),
                            plans.remark(request).stream().toList())
                    .flatMap(List::stream)
                    .distinct()
                    .toList();
            List<Finding> findings = Stream.of(
                            caps.check(input),
                            plans.warning(request, plan, caps.caps()).stream().toList(),
                            reachable(report.findings()))
                    .flatMap(List::stream)
                    .toList();
            return new CheckReport(findings, Optional.of(plan), report.dataset(), notes);
        } catch (PlanException e) {
            Finding why = new Finding(Severity.REFUSAL, e.kind(), "resource", String.valueOf(e.getMessage()));
            return CheckReport.refused(List.of(why), accepted.notes());
        }
    }

    /** What could not be looked at from here is said, and is no fault of the manifest. */
    private static List<Finding> reachable(List<Finding> findings) {
        return findings.stream().map(CheckCommand::tolerant).toList();
    }

    private static Finding tolerant(Finding finding) {
        boolean unreachable = switch (finding.kind()) {
            case MODEL_UNAVAILABLE, DATASET_UNAVAILABLE, REGISTRY_UNAVAILABLE -> true;
            default -> false;
        };
        return unreachable && finding.severity() == Severity.REFUSAL
                ? new Finding(Severity.WARNING, finding.kind(), finding.subject(), finding.message())
                : finding;
    }

    private static Finding finding(Refusal refusal) {
        return new Finding(Severity.REFUSAL, FailureKind.INVALID_REQUEST, refusal.path(), refusal.sentence());
    }

    private static Finding finding(MissingObject missing) {
        return new Finding(Severity.REFUSAL, FailureKind.INVALID_REQUEST, missing.path(), missing.sentence());
    }
}
