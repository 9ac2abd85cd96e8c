package io.kaitoflow.activities.nodes.readiness;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.workflows.plan.MachineOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nodes of the cluster, asked of the API server itself. */
public final class ReadyNodes {

    private final KubernetesClient client;

    /** @param client stays the caller's */
    public ReadyNodes(KubernetesClient client) {
        this.client = client;
    }

    /** Whether a node can take work: it says so, it is of the kind that was asked for, and its devices are there. */
    public boolean ready(String name, MachineOption wanted) {
        return Optional.ofNullable(client.nodes().withName(name).get())
                .map(NodeFacts::of)
                .filter(node -> takesWork(node, wanted))
                .isPresent();
    }

    /** The names of those with the labels that can take work. */
    public List<String> ready(Map<String, String> labels, MachineOption wanted) {
        return labelled(labels).stream()
                .filter(node -> takesWork(node, wanted))
                .map(NodeFacts::name)
                .toList();
    }

    /** All nodes with the labels. */
    public List<NodeFacts> labelled(Map<String, String> labels) {
        return client.nodes().withLabels(labels).list().getItems().stream()
                .map(NodeFacts::of)
                .toList();
    }

    private static boolean takesWork(NodeFacts node, MachineOption wanted) {
        return node.ready() && node.isA(wanted.instanceType()) && (wanted.gpus() == 0 || node.devices() > 0);
    }
}
