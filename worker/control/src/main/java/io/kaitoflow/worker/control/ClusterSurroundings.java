package io.kaitoflow.worker.control;

import io.kaitoflow.activities.preflight.DatasetInspection;
import io.kaitoflow.activities.preflight.Surroundings;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.request.OutputTarget;
import java.util.List;

/**
 * What is looked at in a cluster before anything is bought. A catalogued model is admitted whether its hub answers or not; data,
 * and the right to push, are looked at by a pod in the workspace's namespace.
 */
final class ClusterSurroundings {

    private ClusterSurroundings() {}

    /**
     * @param pods look at data, and try to push
     * @param images tell what a tag stands for; who names a digest needs no registry
     */
    static Surroundings surroundings(DatasetInspection pods, ClusterImages images) {
        return new Surroundings(
                pods,
                (preset, model) -> List.of(),
                (id, adapter) -> adapter.image()
                        .digest()
                        .orElseGet(() -> images.of(id).resolve(adapter.image(), adapter.pullSecrets())),
                ClusterSurroundings::output);
    }

    private static List<Finding> output(OutputTarget target) {
        return switch (target) {
            case OutputTarget.Image _ -> List.of();
            case OutputTarget.Volume _ -> List.of(notServed());
        };
    }

    private static Finding notServed() {
        return new Finding(
                Severity.WARNING,
                FailureKind.UNSUPPORTED,
                "tuning.output.volumeSource",
                "A result in a volume is not served from there: in a cluster this release serves adapters from registries"
                        + " alone. Name an image, or set kaito.sh/serve-after-tuning: \"false\".");
    }
}
