package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.tokens.Inspection;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import java.util.List;
import java.util.stream.Stream;

/**
 * A look at a tuning job's data, and a try of its push, the same on a user's machine and in a pod.
 *
 * @param rooms where they are
 * @param listener is told of downloads
 */
public record JobInspection(LocalRooms rooms, ProgressListener listener) {

    private static final String DATA = "tuning.input";

    /** Bad rows are findings; what cannot be read at all is thrown. */
    public InspectionAnswer data(DatasetActivities.Input task) {
        Inspection seen = rooms.preparation().inspect(task, listener);
        Stream<String> more = seen.problemCount() > seen.problems().size()
                ? Stream.of((seen.problemCount() - seen.problems().size()) + " more rows have problems.")
                : Stream.empty();
        Stream<Finding> problems =
                Stream.concat(seen.problems().stream(), more).map(problem -> finding(Severity.REFUSAL, problem));
        Stream<Finding> notes = seen.notes().stream().map(note -> finding(Severity.WARNING, note));
        return new InspectionAnswer(
                seen.report(), Stream.concat(problems, notes).toList());
    }

    private static Finding finding(Severity severity, String message) {
        return new Finding(severity, FailureKind.DATASET_INVALID, DATA, message);
    }

    /** Opens an upload and cancels it. */
    public List<Finding> push(OutputTarget target) {
        return switch (target) {
            case OutputTarget.Volume _ -> List.of();
            case OutputTarget.Image image ->
                rooms
                        .images(Pulse.none())
                        .checkPush(
                                image.image(), image.pushSecret().map(List::of).orElse(List.of()))
                        .stream()
                        .map(note -> new Finding(
                                Severity.NOTE, FailureKind.REGISTRY_UNAVAILABLE, "tuning.output.image", note))
                        .toList();
        };
    }
}
