package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;

/** The workflow's door to the look before buying; {@code kaitoflow check} prints the same report. */
public final class PreflightActivitiesImpl implements PreflightActivities {

    private final Surroundings surroundings;

    public PreflightActivitiesImpl(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public PreflightReport inspect(Input input) {
        return ActivityFailures.call(() -> new Preflight(surroundings, input).look());
    }
}
