package io.kaitoflow.activities.rollout.cluster.volumes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.Optional;

/**
 * The keys of which a server's callers must show one: a whole Secret, mounted so that the kubelet renews it while the server runs.
 * It is given to the container that asks and to no other. One that is not there is an empty folder, of which the server says so.
 *
 * @param secret empty where nobody is asked for a key
 */
public record KeyVolume(Optional<SecretReference> secret) {

    private static final String NAME = "api-keys";
    private static final String FOLDER = "/run/kaitoflow/api-keys/";
    private static final int OWNER_AND_GROUP_READ = 0440;

    public PodSpecBuilder addTo(PodSpecBuilder spec) {
        secret.ifPresent(keys -> spec.addNewVolume()
                .withName(NAME)
                .withNewSecret()
                .withSecretName(keys.name())
                .withDefaultMode(OWNER_AND_GROUP_READ)
                .withOptional(true)
                .endSecret()
                .endVolume());
        return spec;
    }

    /** With the argument that has the container ask, after those that it has. */
    public ContainerBuilder mountOn(ContainerBuilder container) {
        secret.map(KeyVolume::folder)
                .ifPresent(folder -> container
                        .addToArgs("--api-keys=" + folder)
                        .addNewVolumeMount()
                        .withName(NAME)
                        .withMountPath(folder)
                        .withReadOnly(true)
                        .endVolumeMount());
        return container;
    }

    /** Named like the Secret, so that what is said of the folder says which. */
    private static String folder(SecretReference keys) {
        return FOLDER + keys.name();
    }
}
