package io.kaitoflow.worker.cli;

import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.MachineFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prices and machines of the user's own, beside those that this release knows. */
final class CatalogueOption {

    private static final String VARIABLE = "KAITOFLOW_CATALOGUE";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--catalogue",
            paramLabel = "FILE",
            description =
                    "Your own prices and machines, or the chart's values with them: skus: [{name: Standard_NC24ads_A100_v4,"
                            + " price: {hourlyUsd: 2.9, region: westeurope, asOf: 2026-11-01}}] (default: $$KAITOFLOW_CATALOGUE,"
                            + " else list prices).")
    private Optional<Path> file = Optional.ofNullable(System.getenv(VARIABLE))
            .filter(name -> !name.isBlank())
            .map(Path::of);

    /** What is known of machines. */
    GpuCatalogue catalogue() {
        try {
            GpuCatalogue shipped = GpuCatalogue.load();
            return file.map(MachineFile::read).map(shipped::with).orElse(shipped);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--catalogue: " + e.getMessage(), e);
        }
    }
}
