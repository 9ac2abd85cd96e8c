package io.kaitoflow.bridge.translate;

import java.util.Set;

/**
 * What the installation allows.
 *
 * @param allowedHosts hosts that data may come from although they are private, e.g. a mirror in the cluster; lower case
 * @param workloadIdentity whether a push without a secret can be authorised
 */
public record TranslatorSettings(Set<String> allowedHosts, boolean workloadIdentity) {

    public TranslatorSettings {
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /** No private hosts, no workload identity. */
    public static TranslatorSettings strict() {
        return new TranslatorSettings(Set.of(), false);
    }
}
