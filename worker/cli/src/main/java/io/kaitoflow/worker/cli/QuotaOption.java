package io.kaitoflow.worker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.activities.nodes.quota.CapTrial;
import io.kaitoflow.activities.nodes.quota.Caps;
import io.kaitoflow.bridge.yaml.YamlText;
import io.kaitoflow.bridge.yaml.YamlText.BrokenYamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What namespaces of the cluster may hold, which this machine does not know. */
final class QuotaOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--quotas",
            paramLabel = "FILE",
            description = "Values of the chart, or their section quotas: refuses what its namespace could never hold.")
    private @Nullable Path file;

    /** Nobody is bound where no file is given. */
    CapTrial trial() {
        return new CapTrial(file == null ? Caps.none() : read(file));
    }

    private Caps read(Path values) {
        try {
            JsonNode root = new YamlText(Files.readString(values))
                    .documents().stream().findFirst().orElseThrow(() -> wrong(values + " is empty.", null));
            return Caps.parse(
                    root.path("quotas").isMissingNode()
                            ? root.toString()
                            : root.path("quotas").toString());
        } catch (IOException e) {
            throw wrong(values + " cannot be read: " + e.getMessage() + ".", e);
        } catch (BrokenYamlException | IllegalArgumentException e) {
            throw wrong(values + ": " + e.getMessage(), e);
        }
    }

    private ParameterException wrong(String message, @Nullable Exception cause) {
        return new ParameterException(command.commandLine(), "--quotas: " + message, cause);
    }
}
