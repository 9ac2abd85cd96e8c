package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Ready nodes as the API server gives them out. */
public final class NodeSamples {

    private NodeSamples() {}

    public static Node node(String name, int devices, Map<String, String> labels) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .addToAllocatable("nvidia.com/gpu", new Quantity(String.valueOf(devices)))
                .endStatus()
                .build();
    }
}
