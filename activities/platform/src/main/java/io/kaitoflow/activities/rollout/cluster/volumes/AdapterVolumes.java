package io.kaitoflow.activities.rollout.cluster.volumes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.kaitoflow.workflows.request.VolumeReference;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Volumes with adapters in a pod, each once, however many adapters it holds, and in an order that does not depend on theirs: what
 * needs no other volume needs no other pod.
 *
 * @param volumes that are mounted, to be read
 */
public record AdapterVolumes(List<VolumeReference> volumes) {

    /** Each in the folder of its key. */
    private static final String FOLDER = "/mnt/adapters/";

    public AdapterVolumes {
        volumes = volumes.stream()
                .distinct()
                .sorted(Comparator.comparing(VolumeReference::key))
                .toList();
    }

    public static AdapterVolumes of(Stream<VolumeReference> named) {
        return new AdapterVolumes(named.toList());
    }

    /** @param hostPaths whether a folder of the node may be named */
    public PodSpecBuilder addTo(PodSpecBuilder spec, boolean hostPaths) {
        volumes.forEach(volume -> mounted(volume).addTo(spec, volume, hostPaths));
        return spec;
    }

    public ContainerBuilder mountOn(ContainerBuilder container) {
        volumes.forEach(volume -> mounted(volume).mountOn(container));
        return container;
    }

    private static DataVolume mounted(VolumeReference volume) {
        return new DataVolume("adapter-" + volume.key(), FOLDER + volume.key(), true);
    }
}
