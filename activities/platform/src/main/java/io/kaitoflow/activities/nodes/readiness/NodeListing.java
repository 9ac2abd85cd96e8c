package io.kaitoflow.activities.nodes.readiness;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;

/** Nodes as {@code kubectl get nodes -o yaml} writes them, or {@code -o json}. */
public final class NodeListing {

    private NodeListing() {}

    /**
     * Reads a listing.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    public static List<NodeFacts> read(String text) {
        List<NodeFacts> nodes = items(text)
                .flatMap(item -> item instanceof Node node ? Stream.of(NodeFacts.of(node)) : Stream.empty())
                .toList();
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no Node in it; write one with: kubectl get nodes -o yaml > nodes.yaml");
        }
        return nodes;
    }

    private static Stream<?> items(String text) {
        try {
            KubernetesResource read = Serialization.unmarshal(text, KubernetesResource.class);
            return read instanceof KubernetesResourceList<?> list ? list.getItems().stream() : Stream.of(read);
        } catch (RuntimeException unreadable) {
            throw new IllegalArgumentException("it is no listing of Nodes: " + reason(unreadable), unreadable);
        }
    }

    private static String reason(RuntimeException unreadable) {
        return unreadable.getCause() instanceof JsonProcessingException syntax && syntax.getLocation() != null
                ? syntax.getOriginalMessage() + " (line " + syntax.getLocation().getLineNr() + ")"
                : String.valueOf(unreadable.getMessage());
    }
}
