package io.kaitoflow.bridge.translate;

import java.util.Set;

/**
 * What the installation allows.
 *
 * @param allowedHosts {@code host} or {@code host:port} that data may come from although it is private, e.g. a mirror in the cluster; lower case
 * @param workloadIdentity whether an image can be pushed without a secret, to a registry of Azure
 */
public record TranslatorSettings(Set<String> allowedHosts, boolean workloadIdentity) {

    public TranslatorSettings {
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /** Whether data may come from this host although it is private. */
    boolean allows(String host, int port) {
        return allowedHosts.contains(host) || allowedHosts.contains(host + ":" + port);
    }

    /** No private hosts, no workload identity. */
    public static TranslatorSettings strict() {
        return new TranslatorSettings(Set.of(), false);
    }
}
