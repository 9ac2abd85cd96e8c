package io.kaitoflow.activities.rollout.cluster.volumes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.kaitoflow.presets.Digest;

/**
 * The volume that keeps a result which could not be pushed, in a pod.
 *
 * @param claim its PersistentVolumeClaim
 */
public record ParkedVolume(String claim) {

    /** Where it is mounted. */
    public static final String FOLDER = "/mnt/parked";

    private static final String NAME = "parked";

    /** The folder of an adapter there. */
    public static String path(Digest weights) {
        return FOLDER + "/" + weights.hex();
    }

    public void addTo(PodSpecBuilder spec, ContainerBuilder container, boolean readOnly) {
        spec.addNewVolume()
                .withName(NAME)
                .withNewPersistentVolumeClaim()
                .withClaimName(claim)
                .endPersistentVolumeClaim()
                .endVolume();
        container
                .addNewVolumeMount()
                .withName(NAME)
                .withMountPath(FOLDER)
                .withReadOnly(readOnly)
                .endVolumeMount();
    }
}
