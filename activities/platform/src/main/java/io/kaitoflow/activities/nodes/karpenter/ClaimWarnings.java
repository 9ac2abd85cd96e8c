package io.kaitoflow.activities.nodes.karpenter;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What Karpenter says in Events of claims. Why a cloud had no machine stands nowhere else: Karpenter deletes such a claim before
 * its status says so.
 */
final class ClaimWarnings {

    /** Where Events of objects without a namespace go. */
    private static final String NAMESPACE = "default";

    private final KubernetesClient client;

    ClaimWarnings(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The newest warning about a claim; empty too where we may not read Events.
     *
     * @param uid that tells it from its namesakes, where it is known
     */
    Optional<Event> newest(String claim, Optional<String> uid) {
        try {
            return client
                    .v1()
                    .events()
                    .inNamespace(NAMESPACE)
                    .withFields(
                            Map.of("involvedObject.kind", "NodeClaim", "involvedObject.name", claim, "type", "Warning"))
                    .list()
                    .getItems()
                    .stream()
                    .filter(event -> uid.isEmpty()
                            || uid.get().equals(event.getInvolvedObject().getUid()))
                    .max(Comparator.comparing(event -> Objects.requireNonNullElse(event.getLastTimestamp(), "")));
        } catch (KubernetesClientException unreadable) {
            return Optional.empty();
        }
    }
}
