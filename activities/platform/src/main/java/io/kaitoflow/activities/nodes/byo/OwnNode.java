package io.kaitoflow.activities.nodes.byo;

import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.ComputeCapability;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.GpuModel;
import io.kaitoflow.presets.Throughput;
import java.util.Optional;

/**
 * A node of the user's, with what is known of its GPUs: its labels say it, and what they leave out the catalogue may know of their
 * product.
 *
 * @param facts what the node says of itself
 * @param model of its devices, where the catalogue knows their product
 */
record OwnNode(NodeFacts facts, Optional<GpuModel> model) {

    static OwnNode of(NodeFacts facts, GpuCatalogue catalogue) {
        return new OwnNode(facts, facts.product().flatMap(catalogue::device));
    }

    /** As it was taken: a device that came since is not counted. Zero counts what is there. */
    OwnNode taken(int devices) {
        return devices > 0 ? new OwnNode(facts.with(devices), model) : this;
    }

    String name() {
        return facts.name();
    }

    int gpus() {
        return facts.devices();
    }

    /** Of one device; empty where nobody knows. */
    Optional<ByteSize> deviceMemory() {
        return facts.deviceMemory().or(() -> model.map(GpuModel::gpuMemory));
    }

    /** Of all devices together; empty where nobody knows. */
    Optional<ByteSize> memory() {
        return deviceMemory().map(one -> one.times(gpus()));
    }

    Optional<ComputeCapability> capability() {
        return facts.capability().or(() -> model.map(GpuModel::computeCapability));
    }

    /** What training gets out of one device. */
    Optional<Throughput> speed() {
        return model.map(known -> known.peak().inTraining());
    }

    /** For messages. */
    String product() {
        return facts.product().orElse("a GPU without the label nvidia.com/gpu.product");
    }

    /** Number, kind and memory of its devices, and whence the memory is known. */
    String devices() {
        String memory = deviceMemory()
                .map(one -> one + " each" + (facts.deviceMemory().isPresent() ? "" : " by the catalogue"))
                .orElse("of unknown memory, for the label nvidia.com/gpu.memory is missing");
        return gpus() + " x " + product() + ", " + memory;
    }
}
