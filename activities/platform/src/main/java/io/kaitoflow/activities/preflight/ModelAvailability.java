package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.request.ModelReference;
import java.util.List;

/** Tells whether a base model can be had. */
@FunctionalInterface
public interface ModelAvailability {

    /** @return what speaks against it; a {@code Classified} exception is one more finding */
    List<Finding> check(Preset preset, ModelReference model);

    /** Brings it here, which may take an hour; called when nothing speaks against the run. */
    default void bring(Preset preset, ModelReference model) {
        // Where machines are bought they bring it themselves.
    }
}
