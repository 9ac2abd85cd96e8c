package io.kaitoflow.activities.rollout.cluster.volumes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.Optional;

/** Where containers may write, since their own file system is read-only. */
public record ScratchVolumes(ModelCache cache) {

    /** Models, rows, checkpoints and adapters; a volume of the pod's own. */
    public static final String HOME_FOLDER = "/var/lib/kaitoflow";

    private static final String HOME = "home";
    private static final String TEMPORARY = "tmp";
    private static final String SHARED_MEMORY = "shared-memory";
    private static final String MODELS = "models";

    /** Of PyTorch's processes among each other; counts as memory. */
    private static final String SHARED_MEMORY_SIZE = "1Gi";

    public void addTo(PodSpecBuilder spec) {
        spec.addToVolumes(empty(HOME), empty(TEMPORARY));
        spec.addNewVolume()
                .withName(SHARED_MEMORY)
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(new Quantity(SHARED_MEMORY_SIZE))
                .endEmptyDir()
                .endVolume();
        models().ifPresent(spec::addToVolumes);
    }

    public void mountOn(ContainerBuilder container) {
        mount(container, HOME, HOME_FOLDER);
        mount(container, TEMPORARY, "/tmp");
        mount(container, SHARED_MEMORY, "/dev/shm");
        if (models().isPresent()) {
            mount(container, MODELS, HOME_FOLDER + "/models");
        }
    }

    private Optional<Volume> models() {
        VolumeBuilder volume = new VolumeBuilder().withName(MODELS);
        return switch (cache) {
            case ModelCache.Pod _ -> Optional.empty();
            case ModelCache.Node(String path) ->
                Optional.of(volume.withNewHostPath()
                        .withPath(path)
                        .withType("Directory")
                        .endHostPath()
                        .build());
            case ModelCache.Claim(String name) ->
                Optional.of(volume.withNewPersistentVolumeClaim()
                        .withClaimName(name)
                        .endPersistentVolumeClaim()
                        .build());
        };
    }

    private static Volume empty(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }

    private static void mount(ContainerBuilder container, String volume, String path) {
        container.addNewVolumeMount().withName(volume).withMountPath(path).endVolumeMount();
    }
}
