package io.kaitoflow.activities.nodes.azure;

import io.kaitoflow.presets.ByteSize;
import java.util.Optional;

/**
 * Where agent pools are made, and how.
 *
 * @param cluster that gets the pools
 * @param identity that may make them
 * @param installation told apart from other installations that share the cluster
 * @param disk of a machine: model, image, data and checkpoints lie there
 * @param ephemeralDisk whether that is the host's own disk: faster, at no price, and not possible with every size
 * @param gpuDriver whether AKS installs the driver; not where NVIDIA's GPU operator does
 * @param subnet of the machines; empty for the cluster's own
 */
public record AzureSettings(
        Cluster cluster,
        AzureIdentity identity,
        String installation,
        ByteSize disk,
        boolean ephemeralDisk,
        boolean gpuDriver,
        Optional<String> subnet) {

    /** An AKS cluster. */
    public record Cluster(String subscription, String resourceGroup, String name) {

        @Override
        public String toString() {
            return resourceGroup + "/" + name;
        }
    }
}
