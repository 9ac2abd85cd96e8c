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

    boolean onAzure() {
        return nodeClass.group().equals(AZURE_GROUP);
    }
}
