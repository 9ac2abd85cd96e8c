package io.kaitoflow.worker.cli;

import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.OutputFormat;
import io.kaitoflow.worker.cli.terminal.Table;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow get}: what workspaces there are and how far they are. */
@Command(
        name = "get",
        description = "Shows workspaces, or one with everything that is known of it.",
        footer = {"", "Examples:", "  kaitoflow get", "  kaitoflow get tune-smollm2 -o json"})
final class GetCommand implements Callable<Integer> {

    @Mixin
    private HomeOption home = new HomeOption();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Mixin
    private NamespaceOption namespace = new NamespaceOption();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "One workspace.")
    private Optional<String> name = Optional.empty();

    @Override
    public Integer call() {
        StatusFile status = new StatusFile(home.prepared());
        List<WorkspaceSnapshot> found = name.map(one -> List.of(find(status, one)))
                .orElseGet(() -> status.all().toList());
        PrintStream out = System.out;
        if (output.json()) {
            OutputFormat.print(out, name.isPresent() ? found.getFirst() : found);
        } else {
            print(out, found);
        }
        return ExitCode.OK;
    }

    private WorkspaceSnapshot find(StatusFile status, String wanted) {
        return status.find(namespace.name(), wanted)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.REFUSED,
                        "There is no workspace " + namespace.name() + "/" + wanted + " here; see: kaitoflow get"));
    }

    private void print(PrintStream out, List<WorkspaceSnapshot> found) {
        if (found.isEmpty()) {
            out.println("No workspaces here; start one with: kaitoflow run helm/examples/tune-smollm2.yaml");
            return;
        }
        Table table = new Table("NAMESPACE", "NAME", "PHASE", "ENDPOINT", "OUTPUT");
        found.forEach(s -> table.row(
                s.id().namespace(),
                s.id().name(),
                s.phase().label(),
                s.endpoint().map(Endpoint::url).orElse("-"),
                s.output().map(o -> o.image().toString()).orElse("-")));
        table.print(out);
        found.stream()
                .filter(s -> s.phase() instanceof Phase.Failed)
                .forEach(s -> out.println(s.id().name() + ": "
                        + ((Phase.Failed) s.phase()).failure().sentence()));
    }
}
