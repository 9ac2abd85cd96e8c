package io.kaitoflow.bridge.status;

import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.refusal.MissingObject;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything a status is made of.
 *
 * @param id whose
 * @param snapshot the workflow's last word; empty when no wish was ever accepted, or the run is gone
 * @param deleting whether the object is to go
 * @param verdict what became of the newest wish; empty when the object is being deleted
 * @param progress of the activity that runs, read beside history
 * @param trouble what is wrong with the server now, whatever the workflow said of it last
 * @param previous the status that is shown now; conditions that do not change keep their time
 * @param generation of the object that is answered
 * @param now the time of conditions that change
 */
public record StatusView(
        WorkspaceId id,
        Optional<WorkspaceSnapshot> snapshot,
        boolean deleting,
        Optional<Translation> verdict,
        Optional<TuningProgress> progress,
        Optional<Failure> trouble,
        Optional<WorkspaceStatus> previous,
        long generation,
        Instant now) {

    /** Nothing is wrong with a server, or there is none. */
    public StatusView(
            WorkspaceId id,
            Optional<WorkspaceSnapshot> snapshot,
            boolean deleting,
            Optional<Translation> verdict,
            Optional<TuningProgress> progress,
            Optional<WorkspaceStatus> previous,
            long generation,
            Instant now) {
        this(id, snapshot, deleting, verdict, progress, Optional.empty(), previous, generation, now);
    }

    static StatusView of(Standing standing, Instant now) {
        return new StatusView(
                standing.id(),
                standing.snapshot(),
                standing.deleting(),
                standing.wish().flatMap(Standing.Wish::verdict),
                standing.progress(),
                standing.trouble(),
                standing.shown(),
                standing.answeredGeneration(),
                now);
    }

    /** Why the newest edit cannot be acted on; the old goal runs on. */
    Optional<Translation> objection() {
        return verdict.filter(judged -> !(judged instanceof Translation.Accepted));
    }

    /** What a run showed that works on it no more; empty when there never was one. */
    Optional<WorkspaceStatus> left() {
        return previous.filter(shown -> snapshot.isEmpty() && shown.workflowId() != null);
    }

    /** What is wished for, where nothing is wrong with it. */
    Optional<WorkspaceGoal> goal() {
        return request().map(WorkspaceRequest::goal);
    }

    /** The whole wish, where nothing is wrong with it. */
    Optional<WorkspaceRequest> request() {
        return verdict.filter(Translation.Accepted.class::isInstance)
                .map(judged -> ((Translation.Accepted) judged).request());
    }

    /** The objection in words; empty when there is none. */
    List<String> objections() {
        return objection()
                .map(judged -> switch (judged) {
                    case Translation.Refused refused ->
                        refused.refusals().stream().map(Refusal::sentence).toList();
                    case Translation.Waiting waiting ->
                        waiting.missing().stream().map(MissingObject::sentence).toList();
                    case Translation.Accepted _ -> List.<String>of();
                })
                .orElse(List.of());
    }
}
