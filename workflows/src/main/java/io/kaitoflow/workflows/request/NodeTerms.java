package io.kaitoflow.workflows.request;

import java.util.Optional;

/**
 * What the known annotations say about new nodes, beyond their kind.
 *
 * @param nodeClass name of the provider's object with the settings of nodes; empty means the installation's
 * @param imageFamily operating system, {@code ubuntu} or {@code azurelinux}; empty means the provider's own choice
 */
public record NodeTerms(Optional<String> nodeClass, Optional<String> imageFamily) {

    /** The installation and the provider choose. */
    public static NodeTerms none() {
        return new NodeTerms(Optional.empty(), Optional.empty());
    }

    /** Whether anything was asked for. */
    public boolean any() {
        return !equals(none());
    }
}
