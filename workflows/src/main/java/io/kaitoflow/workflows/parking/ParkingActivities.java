package io.kaitoflow.workflows.parking;

import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Looks after the places where results wait that could not be pushed. Every call is idempotent. */
@ActivityInterface(namePrefix = "Parking.")
public interface ParkingActivities {

    /**
     * @param id whose result
     * @param adapter nothing else is taken
     * @param target where it is to go later
     */
    record Input(WorkspaceId id, AdapterArtifact adapter, OutputTarget target) {}

    /**
     * Makes a place, and returns when it takes the adapter. What another result left there is forgotten when this one is taken.
     *
     * <p>Fails with {@code CLUSTER_REFUSED}, {@code POD_NOT_PLACED}, {@code IMAGE_UNAVAILABLE}, {@code SERVER_NOT_READY} or
     * {@code UNSUPPORTED}.
     */
    Berth prepare(Input input);

    /** Writes on the place what lies there. */
    void remember(Receipt receipt);

    /** What is written on the workspace's place; empty where there is none, or nothing lies there. */
    List<Receipt> find(WorkspaceId id);

    /** Whether a place where a result was left is still there; somebody may have deleted it. */
    boolean stands(Receipt left);

    /** Nothing more is taken, and nothing runs for it; what lies there stays. */
    void close(WorkspaceId id);

    /** The place goes, with what lies there; returns when it is gone. No place is fine. */
    void discard(WorkspaceId id);
}
