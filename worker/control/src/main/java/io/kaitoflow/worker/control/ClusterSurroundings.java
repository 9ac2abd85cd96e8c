package io.kaitoflow.worker.control;

import io.kaitoflow.activities.preflight.MachineTrial;
import io.kaitoflow.activities.preflight.PodTrial;
import io.kaitoflow.activities.preflight.Surroundings;
import io.kaitoflow.activities.rollout.cluster.InspectorPods;
import java.util.List;

/**
 * What is looked at in a cluster before anything is bought. A catalogued model is admitted whether its hub answers or not; data,
 * adapters in volumes, and the right to push, are looked at by a pod in the workspace's namespace.
 */
final class ClusterSurroundings {

    private ClusterSurroundings() {}

    /**
     * @param pods look at data and adapters, and try to push
     * @param trial judges the pods that tune and serve
     * @param machines judges what they may run on
     * @param images tell what a tag stands for; who names a digest needs no registry
     */
    static Surroundings surroundings(InspectorPods pods, PodTrial trial, MachineTrial machines, ClusterImages images) {
        return new Surroundings(
                pods,
                (preset, model) -> List.of(),
                (id, image, secrets) ->
                        image.digest().orElseGet(() -> images.of(id).resolve(image, secrets)),
                pods,
                output -> List.of(),
                trial,
                machines);
    }
}
