package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.worker.cli.local.KeptRun;
import io.kaitoflow.worker.cli.local.RunnerFile;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow delete}: ends a workspace, also one that another command runs, and forgets it. */
@Command(
        name = "delete",
        description =
                "Ends a workspace and forgets it; pushed images, volumes, models and checkpoints stay in the home folder.",
        footer = {"", "Example:", "  kaitoflow delete tune-smollm2"})
final class DeleteCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption = new HomeOption();

    @Mixin
    private NamespaceOption namespace = new NamespaceOption();

    @Parameters(paramLabel = "NAME", description = "The workspace.")
    private String name = "";

    @Override
    public Integer call() {
        LocalHome home = homeOption.prepared();
        WorkspaceSnapshot found = new StatusFile(home)
                .find(namespace.name(), name)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.REFUSED,
                        "There is no workspace " + namespace.name() + "/" + name + " here; see: kaitoflow get"));
        RunnerFile runner = new RunnerFile(home.workspace(found.id()));
        runner.endRunner();
        new KeptRun(home, found.id(), runner).end();
        forget(home.workspace(found.id()));
        forget(home.objects(found.id().uid()).root());
        System.out.println("Workspace " + namespace.name() + "/" + name + " is gone");
        return ExitCode.OK;
    }

    private static void forget(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, folder + " cannot be removed: " + e);
        }
    }
}
