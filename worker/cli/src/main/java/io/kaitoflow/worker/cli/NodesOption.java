package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.nodes.byo.NodeProspect;
import io.kaitoflow.activities.nodes.readiness.NodeListing;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.presets.GpuCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The nodes of the cluster, which this machine does not know. */
final class NodesOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--nodes",
            paramLabel = "FILE",
            description =
                    "What kubectl get nodes -o yaml writes: says which of your own nodes would be taken, and what is"
                            + " counted.")
    private @Nullable Path file;

    /**
     * Empty where no file is given.
     *
     * @param catalogue says of a kind of device what its node does not
     */
    Optional<OwnNodes> nodes(GpuCatalogue catalogue) {
        return Optional.ofNullable(file).map(listing -> read(listing, catalogue));
    }

    private OwnNodes read(Path listing, GpuCatalogue catalogue) {
        try {
            return NodeProspect.of(NodeListing.read(Files.readString(listing)), catalogue);
        } catch (IOException e) {
            throw wrong(listing + " cannot be read: " + e.getMessage() + ".", e);
        } catch (IllegalArgumentException e) {
            throw wrong(listing + ": " + e.getMessage(), e);
        }
    }

    private ParameterException wrong(String message, Exception cause) {
        return new ParameterException(command.commandLine(), "--nodes: " + message, cause);
    }
}
