package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One of those that may be in a cluster, as the lease of its leader says who it is.
 *
 * @param namespace in which its control plane lives
 * @param account by which its control plane is known to the API server; empty where it is not one of a namespace
 * @param name that its machines and pods bear
 * @param watched whose Workspaces are its own
 */
public record Installation(String namespace, String account, String name, WatchedNamespaces watched) {

    private static final String ACCOUNT = "kaito.sh/service-account";
    private static final String NAME = "kaito.sh/installation";
    private static final String WATCHED = "kaito.sh/watch-namespaces";

    /** Nobody, where an earlier release or somebody else wrote the lease. */
    static Optional<Installation> of(ObjectMeta lease) {
        Map<String, String> said = Objects.requireNonNullElse(lease.getAnnotations(), Map.of());
        try {
            return Optional.of(new Installation(
                            lease.getNamespace(),
                            said.getOrDefault(ACCOUNT, ""),
                            said.getOrDefault(NAME, ""),
                            WatchedNamespaces.parse(said.getOrDefault(WATCHED, ""))))
                    .filter(installation -> !installation.account.isEmpty());
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    Map<String, String> annotations() {
        return Map.of(ACCOUNT, account, NAME, name, WATCHED, watched.text());
    }

    /** Whether there are, or may come, Workspaces that both would take. */
    boolean sharesWith(Installation other) {
        return watched.shareOneWith(other.watched);
    }

    /** Why this one cannot be at work beside the other. */
    Optional<String> conflict(Installation other) {
        if (sharesWith(other)) {
            return Optional.of("An installation in namespace " + other.namespace + " is at work on Workspaces of "
                    + other.watched + ", and this one would take those of " + watched
                    + ". Give each its own namespaces in watchNamespaces, or uninstall one of them.");
        }
        if (name.equals(other.name)) {
            return Optional.of("An installation in namespace " + other.namespace + " is at work under the name " + name
                    + ", and each would give back the other's machines. Give each its own nodes.installation.");
        }
        return Optional.empty();
    }
}
