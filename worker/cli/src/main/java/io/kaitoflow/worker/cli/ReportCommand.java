package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.report.ReportImages;
import io.kaitoflow.activities.image.report.ReportImages.Report;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.OutputFormat;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.worker.tuner.LocalRooms;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow report}: what happened on the way to an adapter, from the report that is attached to its image. */
@Command(
        name = "report",
        description = "Fetches the report of a training: loss curve, checkpoints, resumes, machines, cost, versions.",
        footer = {
            "",
            "Examples:",
            "  kaitoflow report tune-smollm2",
            "  kaitoflow report registry.example.com/team/adapter:1 --to reports",
            "  kaitoflow report tune-smollm2 -o json | jq .adapter"
        })
final class ReportCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption = new HomeOption();

    @Mixin
    private OutputFormat output = new OutputFormat();

    @Mixin
    private NamespaceOption namespace = new NamespaceOption();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Folder for report.html and report.json (default: ${DEFAULT-VALUE}).",
            defaultValue = "report")
    private Path target = Path.of("");

    @Parameters(paramLabel = "NAME|IMAGE", description = "A workspace of this machine, or an adapter's image.")
    private String what = "";

    @Override
    public Integer call() throws IOException {
        LocalHome home = homeOption.prepared();
        Report report = new StatusFile(home)
                .find(namespace.name(), what)
                .map(known -> ofWorkspace(known, home))
                .orElseGet(() -> ofImage(image(), home));
        if (output.json()) {
            System.out.print(report.json());
        } else {
            write(report);
        }
        return ExitCode.OK;
    }

    private Report ofWorkspace(WorkspaceSnapshot known, LocalHome home) {
        PushedImage pushed = known.output()
                .orElseThrow(() -> refusal("The workspace " + what + " has no result yet (phase "
                        + known.phase().label() + "), and so no report."));
        return inFolder(Path.of(pushed.location()))
                .or(() -> attached(pushed.image().withDigest(pushed.digest()), home))
                .orElseThrow(() -> refusal(known.report()
                        .map(AttachedReport::words)
                        .orElse("No training report is attached to " + pushed.image() + ".")));
    }

    private Report ofImage(ImageReference image, LocalHome home) {
        return attached(image, home).orElseThrow(() -> refusal("No training report is attached to " + image + "."));
    }

    private static Optional<Report> attached(ImageReference image, LocalHome home) {
        return new LocalRooms(home, home.objects("models"), System.getenv())
                .reports(Pulse.none())
                .newest(image, List.of());
    }

    /** Of results that went into a volume. */
    private static Optional<Report> inFolder(Path folder) {
        Path page = folder.resolve(ReportImages.PAGE);
        try {
            return Files.exists(page)
                    ? Optional.of(
                            new Report(Files.readString(folder.resolve(ReportImages.JSON)), Files.readString(page)))
                    : Optional.empty();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "The report in " + folder + " cannot be read: " + e);
        }
    }

    private ImageReference image() {
        if (!what.contains("/")) {
            throw refusal("There is no workspace " + namespace.name() + "/" + what
                    + " here; see: kaitoflow get. Of a cluster's, name the image that its status.output says.");
        }
        return ImageReference.parse(what);
    }

    private void write(Report report) throws IOException {
        Files.createDirectories(target);
        Path page = Files.writeString(target.resolve(ReportImages.PAGE), report.page());
        Path json = Files.writeString(target.resolve(ReportImages.JSON), report.json());
        System.out.println("Wrote " + page.toAbsolutePath() + " and " + json.getFileName() + " beside it.");
    }

    private static CommandFailure refusal(String words) {
        return new CommandFailure(ExitCode.REFUSED, words);
    }
}
