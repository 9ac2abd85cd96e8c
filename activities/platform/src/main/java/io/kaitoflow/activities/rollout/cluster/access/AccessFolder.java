package io.kaitoflow.activities.rollout.cluster.access;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;

/**
 * The folder of a tuner's pod that holds its {@link TunerAccess}: a Secret, mounted. It is never a value of the environment, where
 * everybody who may read pods would see it.
 *
 * @param secret by name, in the pod's namespace
 */
public record AccessFolder(String secret) {

    public static final String PATH = "/run/kaitoflow/access";

    private static final String NAME = "access";
    private static final int OWNER_AND_GROUP_READ = 0440;

    public void addTo(PodSpecBuilder spec, ContainerBuilder container) {
        spec.addNewVolume()
                .withName(NAME)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(OWNER_AND_GROUP_READ)
                .endSecret()
                .endVolume();
        container
                .addNewVolumeMount()
                .withName(NAME)
                .withMountPath(PATH)
                .withReadOnly(true)
                .endVolumeMount();
    }
}
