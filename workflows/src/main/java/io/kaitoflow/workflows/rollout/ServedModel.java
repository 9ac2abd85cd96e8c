package io.kaitoflow.workflows.rollout;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.List;
import java.util.Optional;

/**
 * What a server serves, as its pod is told.
 *
 * @param preset base model
 * @param adapters each by digest; the first answers when nobody names a model
 * @param modelSecret holds the hub token of a gated model
 */
public record ServedModel(Preset preset, List<ServedAdapter> adapters, Optional<SecretReference> modelSecret) {

    public ServedModel {
        adapters = List.copyOf(adapters);
    }
}
