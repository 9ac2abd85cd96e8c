package io.kaitoflow.worker.cli;

import picocli.CommandLine.Option;

/** Where the workspace is that a command is about. */
final class NamespaceOption {

    @Option(
            names = {"-n", "--namespace"},
            description = "Namespace (default: ${DEFAULT-VALUE}).",
            defaultValue = "default")
    private String namespace = "default";

    String name() {
        return namespace;
    }
}
