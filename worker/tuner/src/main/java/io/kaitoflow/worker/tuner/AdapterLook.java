package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.image.AdapterFiles;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.inference.adapter.AdapterFit;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.weights.WeightFileException;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.VolumeReference;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A look at adapters that lie in volumes, the same on a user's machine and in a pod. Their headers are read, and not their values.
 *
 * @param objects where the volumes are
 */
public record AdapterLook(WorkspaceObjects objects) {

    /** What speaks against each. */
    public List<Finding> at(AdapterTask task) {
        return task.adapters().stream()
                .flatMap(adapter -> fault(task, adapter).stream()
                        .map(message -> new Finding(
                                Severity.REFUSAL, FailureKind.INVALID_REQUEST, "adapter " + adapter.name(), message)))
                .toList();
    }

    private Optional<String> fault(AdapterTask task, AdapterReference adapter) {
        VolumeReference volume = adapter.volume().orElseThrow();
        Path folder;
        try {
            folder = new AdapterFolder(objects.adapters(volume), volume).find(adapter.name());
        } catch (ImageException.NotAnAdapter absent) {
            return Optional.of(String.valueOf(absent.getMessage()));
        }
        try {
            new AdapterFit(task.preset().name(), task.preset().shape())
                    .check(folder.resolve(AdapterFiles.CONFIG), folder.resolve(AdapterFiles.WEIGHTS));
            return Optional.empty();
        } catch (ModelException | WeightFileException | UncheckedIOException broken) {
            return Optional.of("Adapter " + adapter.name() + " in " + volume.title() + ": " + broken.getMessage());
        }
    }
}
