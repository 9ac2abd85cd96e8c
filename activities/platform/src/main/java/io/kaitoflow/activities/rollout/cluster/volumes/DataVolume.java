package io.kaitoflow.activities.rollout.cluster.volumes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.VolumeReference;

/**
 * A volume that a workspace names, in a pod.
 *
 * @param name in the pod
 * @param path where it is mounted
 * @param readOnly whether it is only read
 */
public record DataVolume(String name, String path, boolean readOnly) {

    public static final DataVolume DATA = new DataVolume("data", "/mnt/data", true);
    public static final DataVolume RESULTS = new DataVolume("results", "/mnt/results", false);

    /** @param hostPaths whether a folder of the node may be named */
    public void addTo(PodSpecBuilder spec, ContainerBuilder container, VolumeReference source, boolean hostPaths) {
        addTo(spec, source, hostPaths);
        mountOn(container);
    }

    void addTo(PodSpecBuilder spec, VolumeReference source, boolean hostPaths) {
        spec.addToVolumes(volume(source, hostPaths));
    }

    void mountOn(ContainerBuilder container) {
        container
                .addNewVolumeMount()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(readOnly)
                .endVolumeMount();
    }

    private Volume volume(VolumeReference source, boolean hostPaths) {
        VolumeBuilder volume = new VolumeBuilder().withName(name);
        return switch (source) {
            case VolumeReference.Claim(String claim) ->
                volume.withNewPersistentVolumeClaim()
                        .withClaimName(claim)
                        .withReadOnly(readOnly)
                        .endPersistentVolumeClaim()
                        .build();
            case VolumeReference.ConfigMap map ->
                volume.withNewConfigMap().withName(map.name()).endConfigMap().build();
            case VolumeReference.HostPath(String folder) -> hostPath(volume, folder, hostPaths);
        };
    }

    private static Volume hostPath(VolumeBuilder volume, String folder, boolean allowed) {
        if (!allowed) {
            throw new RolloutException.Refused("The folder " + folder
                    + " of a node is not mounted: this installation does not allow hostPath"
                    + " (KAITOFLOW_ALLOW_HOST_PATH). Name a persistentVolumeClaim.");
        }
        return volume.withNewHostPath().withPath(folder).endHostPath().build();
    }
}
