package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.rollout.Parking;
import io.kaitoflow.workflows.parking.Berth;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** This machine outlives its processes, so a result stays where it was made. */
public final class LocalParking implements Parking {

    @Override
    public Berth prepare(ParkingActivities.Input input, Consumer<String> waiting) {
        String folder = input.adapter().path();
        return new Berth(
                "the folder " + folder,
                folder,
                "kaitoflow run pushes it from there without tuning again",
                Optional.empty());
    }

    @Override
    public void remember(Receipt receipt) {
        // The folder of its training says what lies there.
    }

    /** Who tunes there again finds that it is done. */
    @Override
    public Optional<Receipt> find(WorkspaceId id) {
        return Optional.empty();
    }

    @Override
    public boolean stands(Receipt left) {
        return Files.isDirectory(Path.of(left.result().adapter().path()));
    }

    @Override
    public void close(WorkspaceId id) {
        // Nothing runs for it.
    }

    @Override
    public void discard(WorkspaceId id) {
        // It is the folder of its training, which stays.
    }
}
