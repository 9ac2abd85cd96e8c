package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.activities.image.registry.OutwardProxy;
import io.kaitoflow.activities.image.registry.PrivateAuthorities;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Release;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.LogFile;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The root of the {@code kaitoflow} command. */
@Command(
        name = "kaitoflow",
        description = "From one Workspace YAML to a tuned model that answers.",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            GetCommand.class,
            ReportCommand.class,
            ServeCommand.class,
            ChatCommand.class,
            ExportCommand.class,
            OrderCommand.Pause.class,
            OrderCommand.Resume.class,
            OrderCommand.Cancel.class,
            OrderCommand.Retry.class,
            OrderCommand.Extend.class,
            DeleteCommand.class,
            ModelsCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "kaitoflow " + Release.VERSION,
        footer = {
            "",
            "Examples:",
            "  kaitoflow run helm/examples/tune-smollm2.yaml --ask \"Where is the observatory?\"",
            "  kaitoflow chat smollm2-135m-instruct",
            "  kaitoflow check helm/examples/quickstart-phi-3.yaml",
            "",
            "Data, models and images come through KAITOFLOW_PROXY (but for the hosts in KAITOFLOW_NO_PROXY), by the authorities in",
            "KAITOFLOW_AUTHORITIES beside the public ones. Data may come from a private address where KAITOFLOW_ALLOWED_HOSTS names its",
            "HOST or HOST:PORT.",
            "",
            "Exit status: 0 done, 1 refused with every finding printed, 2 wrong command line, 3 failed, 130 interrupted."
        })
public final class KaitoflowCommand {

    private KaitoflowCommand() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(execute(commandLine(System.getenv()), args));
    }

    /** With an exit status also where the line's own handling gives none. */
    static int execute(CommandLine line, String... args) {
        try {
            return line.execute(args);
        } catch (OutOfMemoryError full) {
            line.getErr()
                    .println("kaitoflow: What is read does not fit into the "
                            + ByteSize.ofBytes(Runtime.getRuntime().maxMemory())
                            + " of memory that a command has ("
                            + full.getMessage()
                            + "). Of a large data file write one JSON object a line (jsonl),"
                            + " or smaller row groups (parquet).");
            return ExitCode.FAILED;
        }
    }

    /** @param environment names the proxy and the authorities of connections to the outside */
    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine line = new CommandLine(new KaitoflowCommand());
        line.setExecutionStrategy(parsed -> runLast(parsed, environment));
        line.setExecutionExceptionHandler(KaitoflowCommand::explain);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().mixinStandardHelpOptions(true));
        return line;
    }

    private static int runLast(ParseResult parsed, Map<String, String> environment) {
        try {
            PrivateAuthorities.trust(environment);
            OutwardProxy.use(exceptTemporal(parsed, environment));
            AllowedHosts.of(environment);
        } catch (IllegalArgumentException wrong) {
            parsed.commandSpec().commandLine().getErr().println("kaitoflow: " + wrong.getMessage());
            return ExitCode.USAGE;
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** Temporal is reached directly, as everywhere. */
    private static Map<String, String> exceptTemporal(ParseResult parsed, Map<String, String> environment) {
        Map<String, String> known = new HashMap<>(environment);
        Optional<String> none = Optional.empty();
        Optional<String> named =
                parsed.hasSubcommand() ? parsed.subcommand().matchedOptionValue("--temporal", none) : none;
        named.or(() -> Optional.ofNullable(environment.get("TEMPORAL_ADDRESS")))
                .ifPresent(address -> known.put("KAITOFLOW_TEMPORAL_ADDRESS", address));
        return known;
    }

    private static int explain(Exception failure, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        if (failure instanceof CommandFailure known) {
            err.println("kaitoflow: " + known.getMessage());
            return known.exitCode();
        }
        LoggerFactory.getLogger(KaitoflowCommand.class).error("The command failed", failure);
        String message = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
        err.println("kaitoflow: " + message + " (the log is " + LogFile.path() + ")");
        return ExitCode.FAILED;
    }
}
