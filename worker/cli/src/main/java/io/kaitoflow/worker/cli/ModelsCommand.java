package io.kaitoflow.worker.cli;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.OutputFormat;
import io.kaitoflow.worker.cli.terminal.Table;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kaitoflow models}: the catalogue, and its files on this machine. */
@Command(
        name = "models",
        description = "Lists the models of the catalogue, or fetches one.",
        subcommands = {ModelsPullCommand.class},
        footer = {"", "Examples:", "  kaitoflow models list", "  kaitoflow models pull smollm2-135m-instruct"})
final class ModelsCommand {

    @Command(
            name = "list",
            description = "Lists the models that can be named in a workspace.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example:", "  kaitoflow models list -o json"})
    int list(@Mixin OutputFormat output, @Mixin HomeOption home) {
        home.prepared();
        List<Preset> presets = PresetCatalogue.load().presets();
        if (output.json()) {
            OutputFormat.print(System.out, presets);
            return ExitCode.OK;
        }
        Table table = new Table("NAME", "ARCHITECTURE", "WEIGHTS", "CONTEXT", "GATED", "TUNABLE", "LICENCE");
        presets.forEach(p -> table.row(
                p.name(),
                p.architecture(),
                millions(p.shape().weights()),
                String.valueOf(p.contextLength()),
                p.gated() ? "yes" : "no",
                p.tunable() ? "yes" : "no",
                p.licence()));
        table.print(System.out);
        return ExitCode.OK;
    }

    private static String millions(long weights) {
        return Math.round(weights / 1e6) + " M";
    }
}
