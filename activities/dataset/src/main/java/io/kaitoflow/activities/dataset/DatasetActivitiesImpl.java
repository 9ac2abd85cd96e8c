package io.kaitoflow.activities.dataset;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.util.function.Consumer;

/** Unpacks the message, calls {@link DatasetPreparation}, and tells Temporal how far it is. */
public final class DatasetActivitiesImpl implements DatasetActivities {

    private final DatasetPreparation preparation;
    private final Consumer<TuningProgress> heartbeat;

    /** @param heartbeat sends the detail to Temporal; what it throws on cancellation ends the work */
    public DatasetActivitiesImpl(DatasetPreparation preparation, Consumer<TuningProgress> heartbeat) {
        this.preparation = preparation;
        this.heartbeat = heartbeat;
    }

    @Override
    public FetchedInputs fetch(Input input) {
        return ActivityFailures.call(() -> preparation.prepare(input, this::beat));
    }

    private void beat(String activity, long done, long total) {
        heartbeat.accept(TuningProgress.of(activity, done, total));
    }
}
