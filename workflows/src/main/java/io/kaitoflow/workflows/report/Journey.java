package io.kaitoflow.workflows.report;

import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.status.Attempt;
import java.time.Instant;
import java.util.List;

/**
 * What a run knows of the way to its result.
 *
 * @param runId of the run
 * @param pushedAt when the result was pushed
 * @param spending on all machines so far
 * @param tuning the part of it that tuning took
 * @param starts of the tuner, oldest first; the last ones
 * @param attempts what providers answered, oldest first; the last ones
 * @param notes what is not as it was asked for, one sentence each
 */
public record Journey(
        String runId,
        Instant pushedAt,
        Spending spending,
        Spending tuning,
        List<TunerStart> starts,
        List<Attempt> attempts,
        List<String> notes) {

    public Journey {
        starts = List.copyOf(starts);
        attempts = List.copyOf(attempts);
        notes = List.copyOf(notes);
    }
}
