package io.kaitoflow.workflows.workspace.course;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import java.util.List;
import java.util.Optional;

/** Which adapters are served, each by digest: what was tuned, or what the request names as preflight resolved it. */
public record Adapters(WorkspaceRequest request, Ledger ledger) {

    public List<ServedAdapter> served() {
        return switch (request.goal()) {
            case WorkspaceGoal.Serve serve ->
                serve.adapters().stream().map(this::resolved).toList();
            case WorkspaceGoal.ServeTemplate _, WorkspaceGoal.Tune _ -> List.of();
            case WorkspaceGoal.TuneThenServe tune ->
                ledger.output().stream()
                        .map(output -> tuned(tune.job(), output.value()))
                        .toList();
        };
    }

    /** The tuned model goes by the workspace's name. */
    private ServedAdapter tuned(TuningJob job, PushedImage image) {
        return new ServedAdapter(
                request.id().name(),
                Optional.of(image.image()),
                Optional.of(image.digest()),
                secrets(job.output()),
                1.0,
                volume(job.output()));
    }

    private static Optional<VolumeReference> volume(OutputTarget target) {
        return switch (target) {
            case OutputTarget.Image _ -> Optional.empty();
            case OutputTarget.Volume results -> Optional.of(results.volume());
        };
    }

    private static List<SecretReference> secrets(OutputTarget target) {
        return switch (target) {
            case OutputTarget.Image image -> image.pushSecret().stream().toList();
            case OutputTarget.Volume _ -> List.of();
        };
    }

    private ServedAdapter resolved(AdapterReference adapter) {
        return adapter.image()
                .map(image -> new ServedAdapter(
                        adapter.name(),
                        image,
                        digest(adapter, image).orElseThrow(() -> unresolved(adapter, image)),
                        adapter.pullSecrets(),
                        adapter.strength()))
                .orElseGet(
                        () -> new ServedAdapter(adapter.name(), adapter.volume().orElseThrow(), adapter.strength()));
    }

    private Optional<Digest> digest(AdapterReference adapter, ImageReference image) {
        return image.digest()
                .or(() -> ledger.preflight().stream()
                        .flatMap(report -> report.value().adapters().stream())
                        .filter(resolved -> resolved.name().equals(adapter.name()))
                        .flatMap(resolved -> resolved.digest().stream())
                        .findFirst());
    }

    private static StepFailed unresolved(AdapterReference adapter, ImageReference image) {
        return new StepFailed(new Failure(
                FailureKind.INVALID_REQUEST,
                "Adapter " + adapter.name() + " at " + image
                        + " could not be resolved to a digest; name it as image@sha256:…."));
    }
}
