package io.kaitoflow.worker.cli;

import io.kaitoflow.presets.Release;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.LogFile;
import java.io.PrintWriter;
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
            "Exit status: 0 done, 1 refused with every finding printed, 2 wrong command line, 3 failed, 130 interrupted."
        })
public final class KaitoflowCommand {

    private KaitoflowCommand() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new KaitoflowCommand());
        line.setExecutionExceptionHandler(KaitoflowCommand::explain);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().mixinStandardHelpOptions(true));
        return line;
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
