package io.kaitoflow.workflows.parking;

import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.temporal.activity.ActivityInterface;

/** Brings an adapter from the leased machine to where it is kept. */
@ActivityInterface(namePrefix = "Courier.")
public interface CourierActivities {

    /**
     * @param adapter on the leased machine
     * @param address of whoever takes it
     */
    record Parcel(AdapterArtifact adapter, String address) {}

    /** Returns when all of it was taken, and is safe there; the same adapter twice is one. */
    void carry(Parcel parcel);
}
