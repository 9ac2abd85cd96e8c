package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.activities.rollout.local.ChildExit;
import io.kaitoflow.bridge.refusal.MissingObject;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalServer;
import io.kaitoflow.worker.cli.local.LocalActivities;
import io.kaitoflow.worker.cli.local.LocalApply;
import io.kaitoflow.worker.cli.local.LocalRuntime;
import io.kaitoflow.worker.cli.local.ObjectFolder;
import io.kaitoflow.worker.cli.local.RunKeeper;
import io.kaitoflow.worker.cli.local.RunnerFile;
import io.kaitoflow.worker.cli.local.RunningWorkspace;
import io.kaitoflow.worker.cli.local.ServerPort;
import io.kaitoflow.worker.cli.local.ServerRehearsal;
import io.kaitoflow.worker.cli.local.StrayRun;
import io.kaitoflow.worker.cli.local.UserLogin;
import io.kaitoflow.worker.cli.questions.Exam;
import io.kaitoflow.worker.cli.questions.ServedReport;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.Interruption;
import io.kaitoflow.worker.cli.terminal.ProgressDisplay;
import io.kaitoflow.worker.cli.terminal.Terminal;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow run}: the whole way on this machine. */
@Command(
        name = "run",
        description = "Runs a Workspace on this machine: tunes, pushes and serves what its YAML says.",
        footer = {
            "",
            "Examples:",
            "  kaitoflow run helm/examples/tune-smollm2.yaml --ask \"Who is the director of Halmere Observatory?\"",
            "  kaitoflow run helm/examples/tune-smollm2.yaml            # serves until Ctrl-C",
            "  kaitoflow run my.yaml --temporal 127.0.0.1:7233          # durable: the same command goes on after a crash"
        })
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private HomeOption homeOption = new HomeOption();

    @Mixin
    private CatalogueOption machines = new CatalogueOption();

    @Parameters(paramLabel = "FILE", description = "The Workspace YAML, as kubectl apply takes it.")
    private Path file = Path.of("");

    @Option(names = "--ask", paramLabel = "QUESTION", description = "Ask base and tuned model this, then end.")
    private Optional<String> question = Optional.empty();

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "Score both models on these (default: FILE.questions.jsonl beside the YAML, if it is there).")
    private Optional<Path> questionFile = Optional.empty();

    @Option(
            names = "--minimum-score",
            paramLabel = "N",
            description = "Fail unless the tuned model has at least N facts right.")
    private Optional<Integer> minimumScore = Optional.empty();

    @Option(
            names = "--port",
            description = "Port of the server; 0 takes any free one (default: ${DEFAULT-VALUE}).",
            defaultValue = "5000")
    private int port;

    @Option(
            names = "--temporal",
            paramLabel = "HOST:PORT",
            description =
                    "Temporal server to use (default: $$TEMPORAL_ADDRESS, else the temporal binary, else inside).")
    private Optional<String> temporal = Optional.ofNullable(System.getenv("TEMPORAL_ADDRESS"));

    private Optional<Exam> exam = Optional.empty();

    @Override
    public Integer call() {
        ServerPort free = new ServerPort(port).free();
        LocalHome home = homeOption.prepared();
        PrintStream out = System.out;
        Clock clock = Clock.systemUTC();
        LocalApply applied = LocalApply.of(
                file, machines.catalogue(), UserLogin.ofThisUser(), AllowedHosts.of(System.getenv()), clock);
        WorkspaceRequest request = accepted(applied.translation());
        exam = exam(request);
        RunnerFile runner = new RunnerFile(home.workspace(request.id()));
        runner.claim(request.id());
        new ObjectFolder(home.objects(request.id().uid())).write(applied);
        LocalActivities activities = new LocalActivities(home, request.id(), free.number(), exit -> died(exit, out));
        try (LocalRuntime runtime = LocalRuntime.start(server(home), activities, runner.queue(request.id()))) {
            RunKeeper keeper = runtime.keeper(temporal.isPresent());
            Optional<Phase> closed = new StrayRun(home, request.id()).end(runtime, keeper);
            runner.reachedBy(runtime.address(), keeper);
            out.println(
                    "Workspace " + request.id().namespace() + "/" + request.id().name() + " in " + home.root());
            out.println("Temporal " + runtime.temporal());
            DesiredState wish = applied.observed(clock).desiredState(request);
            RunningWorkspace workspace = new RunningWorkspace(
                    runtime.client(),
                    request.id(),
                    closed.map(phase -> StrayRun.wishAfter(phase, wish)).orElse(wish));
            try (ServerRehearsal rehearsal =
                    activities.rehearsal(request.goal().model().preset())) {
                return run(workspace, request, rehearsal, out, clock);
            }
        }
    }

    private int run(
            RunningWorkspace workspace,
            WorkspaceRequest request,
            ServerRehearsal rehearsal,
            PrintStream out,
            Clock clock) {
        try (Interruption _ = Interruption.undoneBy(workspace::giveBack, out)) {
            workspace.start();
            WorkspaceSnapshot end;
            try (ProgressDisplay display = new ProgressDisplay(out, Terminal.isInteractive(), clock)) {
                end = workspace.follow(display, rehearsal);
            }
            try {
                return report(end, request, out);
            } finally {
                workspace.giveBack();
            }
        }
    }

    /** The workflow mends it; the user sees why it takes longer. */
    private static void died(ChildExit exit, PrintStream out) {
        LOG.warn(exit.sentence());
        // A terminal sends Ctrl-C to the children too; that is no death to speak of.
        if (exit.code() != ExitCode.INTERRUPTED) {
            out.println("    " + exit.sentence());
        }
    }

    private int report(WorkspaceSnapshot end, WorkspaceRequest request, PrintStream out) {
        end.output()
                .ifPresent(image -> out.println("Adapter image " + image.image() + "@" + image.digest()
                        + System.lineSeparator() + "  lies in " + image.location()));
        end.report()
                .ifPresent(report -> out.println("  " + report.words()
                        + (report.there()
                                ? " Fetch it with: kaitoflow report " + end.id().name()
                                : "")));
        return switch (end.phase()) {
            case Phase.Serving _ -> served(end, request, out);
            case Phase.Failed failed -> {
                out.println("Failed (" + failed.failure().kind() + "): "
                        + failed.failure().sentence());
                yield end.preflight().isPresent() && !end.preflight().get().passed()
                        ? ExitCode.REFUSED
                        : ExitCode.FAILED;
            }
            case Phase.Cancelled _ -> ExitCode.FAILED;
            default -> ExitCode.OK;
        };
    }

    private int served(WorkspaceSnapshot end, WorkspaceRequest request, PrintStream out) {
        ServedReport report = new ServedReport(
                end.endpoint().orElseThrow(), request.goal().model().preset(), out);
        question.ifPresent(report::ask);
        boolean passed = exam.map(asked -> asked.passed(report.score(asked))).orElse(true);
        report.howToAsk(question.orElse("Hello"));
        if (question.isEmpty()) {
            out.println("Serving until Ctrl-C");
            Interruption.awaitTheEnd();
        }
        return passed ? ExitCode.OK : ExitCode.FAILED;
    }

    /** A mistake in it is said now, and not after hours. */
    private Optional<Exam> exam(WorkspaceRequest request) {
        if (minimumScore.isPresent() && !request.goal().serves()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--minimum-score needs a workspace that serves what it tunes, and the annotation"
                            + " kaito.sh/serve-after-tuning of this one says \"false\"; remove it.");
        }
        return Exam.of(file, questionFile, minimumScore);
    }

    private TemporalServer server(LocalHome home) {
        try {
            return TemporalServer.choose(temporal.map(TemporalAddress::of), home.temporal());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static WorkspaceRequest accepted(Translation translation) {
        return switch (translation) {
            case Translation.Accepted accepted -> accepted.request();
            case Translation.Refused refused ->
                throw refusal(refused.refusals().stream().map(Refusal::sentence).toList());
            case Translation.Waiting waiting ->
                throw refusal(
                        waiting.missing().stream().map(MissingObject::sentence).toList());
        };
    }

    private static CommandFailure refusal(List<String> sentences) {
        return new CommandFailure(
                ExitCode.REFUSED,
                "The workspace is refused, nothing was started:" + System.lineSeparator() + "  "
                        + String.join(System.lineSeparator() + "  ", sentences));
    }
}
