package io.kaitoflow.activities.nodes.readiness;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One watch of all nodes: whoever waits for one is told when what it says of itself changed, and not by the clock alone. */
public final class NodeWatch implements AutoCloseable {

    private final SharedIndexInformer<Node> informer;

    /** @param changed is told of a node that came, or that is not what it was; it may take a call's time */
    public NodeWatch(KubernetesClient client, Consumer<NodeFacts> changed) {
        informer = client.nodes().inform(new Listener(changed));
    }

    /** All nodes with the labels, as far as the watch knows. */
    public List<NodeFacts> labelled(Map<String, String> labels) {
        return informer.getStore().list().stream()
                .map(NodeFacts::of)
                .filter(node -> node.has(labels))
                .toList();
    }

    /** Whether a node is there and says that it is ready, as far as the watch knows. */
    public boolean answers(String name) {
        return Optional.ofNullable(informer.getIndexer().getByKey(name))
                .map(NodeFacts::of)
                .filter(NodeFacts::ready)
                .isPresent();
    }

    /** False once the watch ended for good: only a fresh process sees everything again. */
    public boolean healthy() {
        return !informer.stopped().toCompletableFuture().isCompletedExceptionally();
    }

    @Override
    public void close() {
        informer.close();
    }

    private record Listener(Consumer<NodeFacts> changed) implements ResourceEventHandler<Node> {

        @Override
        public void onAdd(Node node) {
            changed.accept(NodeFacts.of(node));
        }

        /** A node writes its status every few minutes, and nearly always the same. */
        @Override
        public void onUpdate(Node before, Node now) {
            NodeFacts facts = NodeFacts.of(now);
            if (!facts.equals(NodeFacts.of(before))) {
                changed.accept(facts);
            }
        }

        @Override
        public void onDelete(Node node, boolean stateUnknown) {
            changed.accept(NodeFacts.of(node).gone());
        }
    }
}
