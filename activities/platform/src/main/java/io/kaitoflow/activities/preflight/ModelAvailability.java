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
}
