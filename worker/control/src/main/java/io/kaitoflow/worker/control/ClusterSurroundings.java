package io.kaitoflow.worker.control;

import io.kaitoflow.activities.preflight.DatasetInspection;
import io.kaitoflow.activities.preflight.Surroundings;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.request.OutputTarget;
import java.util.List;
import java.util.Optional;

/**
 * What the control plane can look at before it buys. A catalogued model is admitted whether its hub answers or not. Data cannot be
 * looked at from here yet, and says so: a workspace that tunes goes on only when its owner allows that.
 */
final class ClusterSurroundings {

    private ClusterSurroundings() {}

    static Surroundings surroundings() {
        return new Surroundings(
                (job, preset) -> new DatasetInspection.Inspection(Optional.empty(), List.of(uninspected())),
                (preset, model) -> List.of(),
                adapter -> List.of(),
                target -> List.of(output(target)));
    }

    private static Finding uninspected() {
        return new Finding(
                Severity.REFUSAL,
                FailureKind.DATASET_UNAVAILABLE,
                "tuning.input",
                "The data is not looked at before a machine is bought: this release cannot do that in a cluster."
                        + " Try it with kaitoflow check, then set kaito.sh/allow-uninspected: \"true\".");
    }

    private static Finding output(OutputTarget target) {
        return switch (target) {
            case OutputTarget.Image _ -> untried();
            case OutputTarget.Volume _ -> notServed();
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

    private static Finding untried() {
        return new Finding(
                Severity.WARNING,
                FailureKind.REGISTRY_UNAVAILABLE,
                "tuning.output",
                "Whether the result may be pushed was not tried: this release cannot do that in a cluster.");
    }
}
