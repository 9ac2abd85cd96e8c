package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.OwnNeed;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Map;

/** Nodes of a cluster as their owner and the device plugin leave them. */
record OwnNodes(KubernetesClient client) {

    static final Map<String, String> LABELS = Map.of("app", "test");

    /** Only these, all of them ready and with a device. */
    void only(String... names) {
        client.nodes().delete();
        for (String name : names) {
            add(name, "1");
        }
    }

    void add(String name, String devices) {
        add(name, devices, Map.of("nvidia.com/gpu.product", "NVIDIA-A10", "nvidia.com/gpu.memory", "23028"));
    }

    /** With what GPU feature discovery says. */
    void add(String name, String devices, Map<String, String> discovered) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(LABELS)
                        .addToLabels(discovered)
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())
                .create();
        say(name, "True", devices);
    }

    /** What the kubelet and the device plugin write into the status. */
    void say(String name, String ready, String devices) {
        client.nodes()
                .withName(name)
                .editStatus(found -> new NodeBuilder(found)
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(ready)
                        .endCondition()
                        .addToCapacity("nvidia.com/gpu", new Quantity(devices))
                        .addToAllocatable("nvidia.com/gpu", new Quantity(devices))
                        .endStatus()
                        .build());
    }

    /** Asks for devices as a plan without a kind of machine does. */
    static NodeRequest wanted(String uid, int count, ByteSize memory, String... preferred) {
        return new NodeRequest(
                new WorkspaceId("default", "workspace-" + uid, uid),
                MachineOption.own(memory, OwnNeed.any()),
                new MachineRequest(List.of(), count, LABELS, List.of(preferred), false),
                1);
    }

    static NodeRequest wanted(String uid, int count, String... preferred) {
        return wanted(uid, count, ByteSize.ofGibibytes(16), preferred);
    }
}
