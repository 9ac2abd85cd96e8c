package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.function.Consumer;

/** Looks into the training rows before anything is bought. */
@FunctionalInterface
public interface DatasetInspection {

    /**
     * Reads and tokenises the rows.
     *
     * @param waiting is told what is waited for when that takes long
     * @return what they hold and what is odd about them; a {@code Classified} exception is one more finding
     */
    InspectionAnswer inspect(WorkspaceId id, TuningJob job, Preset preset, Consumer<String> waiting);
}
