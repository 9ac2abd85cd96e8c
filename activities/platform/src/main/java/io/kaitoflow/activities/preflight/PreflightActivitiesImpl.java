package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.util.function.Consumer;

/** The workflow's door to the look before buying; {@code kaitoflow check} prints the same report. */
public final class PreflightActivitiesImpl implements PreflightActivities {

    private final Surroundings surroundings;
    private final Consumer<TuningProgress> heartbeat;

    /** @param heartbeat sends the detail to Temporal; what it throws on cancellation ends the look */
    public PreflightActivitiesImpl(Surroundings surroundings, Consumer<TuningProgress> heartbeat) {
        this.surroundings = surroundings;
        this.heartbeat = heartbeat;
    }

    /** Nobody is told what is waited for. */
    public PreflightActivitiesImpl(Surroundings surroundings) {
        this(surroundings, progress -> {});
    }

    @Override
    public PreflightReport inspect(Input input) {
        return ActivityFailures.call(() -> new Preflight(surroundings, input, this::waiting).look());
    }

    private void waiting(String evidence) {
        heartbeat.accept(TuningProgress.of(evidence, 0, 0));
    }
}
