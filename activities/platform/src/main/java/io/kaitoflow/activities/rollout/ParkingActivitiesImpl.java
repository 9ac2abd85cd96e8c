package io.kaitoflow.activities.rollout;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.parking.Berth;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.util.List;

/** The workflow's door to the places of results. */
public final class ParkingActivitiesImpl implements ParkingActivities {

    private final Parking parking;

    public ParkingActivitiesImpl(Parking parking) {
        this.parking = parking;
    }

    @Override
    public Berth prepare(Input input) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        return ActivityFailures.call(() -> parking.prepare(
                input,
                evidence -> context.heartbeat(
                        TuningProgress.of(evidence.isEmpty() ? "making a place for the result" : evidence, 0, 0))));
    }

    @Override
    public void remember(Receipt receipt) {
        ActivityFailures.run(() -> parking.remember(receipt));
    }

    @Override
    public List<Receipt> find(WorkspaceId id) {
        return ActivityFailures.call(() -> parking.find(id).stream().toList());
    }

    @Override
    public boolean stands(Receipt left) {
        return ActivityFailures.call(() -> parking.stands(left));
    }

    @Override
    public void close(WorkspaceId id) {
        ActivityFailures.run(() -> parking.close(id));
    }

    @Override
    public void discard(WorkspaceId id) {
        ActivityFailures.run(() -> parking.discard(id));
    }
}
