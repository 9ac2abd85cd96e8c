package io.kaitoflow.bridge.status;

import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything a status is made of.
 *
 * @param snapshot the workflow's last word
 * @param refusals of the newest edit; the old goal runs on
 * @param progress of the activity that runs, read beside history
 * @param previous the status that is shown now; conditions that do not change keep their time
 * @param generation of the object that is answered
 * @param now the time of conditions that change
 */
public record StatusView(
        WorkspaceSnapshot snapshot,
        List<Refusal> refusals,
        Optional<TuningProgress> progress,
        Optional<WorkspaceStatus> previous,
        long generation,
        Instant now) {

    public StatusView {
        refusals = List.copyOf(refusals);
    }
}
