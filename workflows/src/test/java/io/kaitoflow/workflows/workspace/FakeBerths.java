package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.parking.Berth;
import io.kaitoflow.workflows.parking.CourierActivities;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The places of a fake world where results are kept, and who brings them there. */
final class FakeBerths implements ParkingActivities, CourierActivities {

    private final FakeWorld world;
    private final List<Receipt> written = new CopyOnWriteArrayList<>();
    private boolean stays;
    private boolean lost;

    FakeBerths(FakeWorld world) {
        this.world = world;
    }

    /** Adapters lie where they outlive their machine, and need not be carried. */
    void adaptersStay() {
        stays = true;
    }

    @Override
    public Berth prepare(Input input) {
        world.take("berth");
        world.called("prepare");
        return new Berth(
                "claim geo-parked",
                "/parked",
                "retry pushes it",
                stays ? Optional.empty() : Optional.of("http://keeper"));
    }

    @Override
    public void carry(Parcel parcel) {
        world.called("carry " + parcel.adapter().path());
    }

    @Override
    public void remember(Receipt receipt) {
        written.add(receipt);
    }

    /** Written by a run that is forgotten. */
    void heldAlready(Receipt receipt) {
        world.take("berth");
        written.add(receipt);
    }

    @Override
    public List<Receipt> find(WorkspaceId id) {
        return List.copyOf(written);
    }

    /** Somebody deletes what lies there. */
    void lose() {
        lost = true;
        world.giveBack("berth");
    }

    @Override
    public boolean stands(Receipt left) {
        return !lost;
    }

    @Override
    public void close(WorkspaceId id) {
        world.called("close");
    }

    @Override
    public void discard(WorkspaceId id) {
        world.called("discard");
        written.clear();
        world.giveBack("berth");
    }
}
