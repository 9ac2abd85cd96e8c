package io.kaitoflow.activities.nodes.karpenter;

import io.kaitoflow.presets.ByteSize;
import java.time.Duration;

/**
 * What the installation says about machines.
 *
 * @param nodeClass the object with the cloud's settings
 * @param installation told apart from other installations that share the cluster
 * @param disk of a machine at least: model, image, data and checkpoints lie there
 * @param terminationGrace how long pods may take to go when a machine is given back
 */
public record KarpenterSettings(
        NodeClaimSpec.NodeClassRef nodeClass, String installation, ByteSize disk, Duration terminationGrace) {

    private static final String AZURE_GROUP = "karpenter.azure.com";
    private static final String GPU_PROVISIONER_GROUP = "kaito.sh";

    /**
     * How a claim asks for disk. Karpenter's providers compare each resource with what a kind of machine offers, and none offers
     * {@code storage}; gpu-provisioner reads that one and refuses claims without it.
     */
    String diskResource() {
        return nodeClass.group().equals(GPU_PROVISIONER_GROUP) ? "storage" : "ephemeral-storage";
    }

    boolean onAzure() {
        return nodeClass.group().equals(AZURE_GROUP);
    }
}
