package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.download.DownloadException;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import java.util.ArrayList;
import java.util.List;

/** Collects why each source failed, and says it in one message whose kind is the one that a user can do most about. */
final class FailedSources {

    private final Preset preset;
    private final List<String> reasons = new ArrayList<>();
    private final List<RuntimeException> causes = new ArrayList<>();

    FailedSources(Preset preset) {
        this.preset = preset;
    }

    void add(ModelSource source, RuntimeException cause) {
        String reason = String.valueOf(cause.getMessage()).replaceFirst("\\.$", "");
        reasons.add(label(source) + ": " + reason);
        causes.add(cause);
    }

    ModelException summary() {
        String message = reasons.isEmpty()
                ? "The catalogue names no source for " + preset.name() + "."
                : preset.name() + " could not be fetched: " + String.join("; ", reasons) + ".";
        if (has(ModelException.Gated.class) || has(DownloadException.Denied.class)) {
            return new ModelException.Gated(message);
        }
        if (has(ModelException.DigestMismatch.class)) {
            return new ModelException.DigestMismatch(message);
        }
        return new ModelException.Unavailable(message, causes.isEmpty() ? null : causes.getLast());
    }

    private boolean has(Class<? extends RuntimeException> type) {
        return causes.stream().anyMatch(type::isInstance);
    }

    private static String label(ModelSource source) {
        return switch (source) {
            case ModelSource.Hub hub -> "hub repository " + hub.repository();
            case ModelSource.PythonWheel wheel -> "package " + wheel.distribution() + " " + wheel.version();
            case ModelSource.Registry registry -> "image " + registry.image();
        };
    }
}
