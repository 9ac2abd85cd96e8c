package io.kaitoflow.activities.rollout.cluster.volumes;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.TuningJob;
import java.util.List;
import java.util.stream.Stream;

/**
 * Secrets as files, one folder each, and never as a value of the environment or of an argument, where everybody who may read pods
 * would see them. One that is not there yet is no file: whoever needs it says so, and finds it once it is there.
 *
 * @param registries hold {@code .dockerconfigjson}
 * @param hubs hold {@code HF_TOKEN}
 */
public record MountedSecrets(List<SecretReference> registries, List<SecretReference> hubs) {

    public static final String NAME = "secrets";
    public static final String FOLDER = "/run/kaitoflow/secrets";

    private static final String DOCKER_CONFIG = ".dockerconfigjson";
    private static final int OWNER_AND_GROUP_READ = 0440;

    public MountedSecrets {
        registries = registries.stream().distinct().toList();
        hubs = hubs.stream().distinct().toList();
    }

    public static MountedSecrets none() {
        return new MountedSecrets(List.of(), List.of());
    }

    /** What opens a job's data, the place of its result and its model. */
    public static MountedSecrets of(TuningJob job) {
        return new MountedSecrets(
                Stream.concat(ofInput(job.input()), ofOutput(job.output())).toList(),
                job.model().accessSecret().stream().toList());
    }

    private static Stream<SecretReference> ofInput(DatasetSource source) {
        return source instanceof DatasetSource.OciImage image ? image.pullSecrets().stream() : Stream.empty();
    }

    private static Stream<SecretReference> ofOutput(OutputTarget target) {
        return target instanceof OutputTarget.Image image ? image.pushSecret().stream() : Stream.empty();
    }

    /** The same with those of the installation, which open its own mirror. */
    public MountedSecrets with(List<String> installation) {
        return new MountedSecrets(
                Stream.concat(registries.stream(), installation.stream().map(SecretReference::new))
                        .toList(),
                hubs);
    }

    /** Where a registry's secret is in the pod. */
    public static String file(String secret) {
        return FOLDER + "/" + secret + "/" + DOCKER_CONFIG;
    }

    public boolean isEmpty() {
        return registries.isEmpty() && hubs.isEmpty();
    }

    public Volume volume() {
        List<VolumeProjection> sources = Stream.concat(
                        registries.stream().map(secret -> source(secret, DOCKER_CONFIG)),
                        hubs.stream().map(secret -> source(secret, "HF_TOKEN")))
                .toList();
        return new VolumeBuilder()
                .withName(NAME)
                .withNewProjected()
                .withDefaultMode(OWNER_AND_GROUP_READ)
                .withSources(sources)
                .endProjected()
                .build();
    }

    private static VolumeProjection source(SecretReference secret, String key) {
        return new VolumeProjectionBuilder()
                .withNewSecret()
                .withName(secret.name())
                .withOptional(true)
                .addNewItem()
                .withKey(key)
                .withPath(secret.name() + "/" + key)
                .endItem()
                .endSecret()
                .build();
    }
}
