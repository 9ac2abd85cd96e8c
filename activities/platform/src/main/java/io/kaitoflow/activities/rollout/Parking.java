package io.kaitoflow.activities.rollout;

import io.kaitoflow.workflows.parking.Berth;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Optional;
import java.util.function.Consumer;

/** Places where results wait that could not be pushed. Every call may be repeated at will. */
public interface Parking {

    /**
     * Makes a place and returns when it takes the adapter.
     *
     * @param waiting is told about every second what is wrong meanwhile
     * @throws RolloutException when there is no place to be had
     */
    Berth prepare(ParkingActivities.Input input, Consumer<String> waiting);

    /** Writes on the place what lies there. */
    void remember(Receipt receipt);

    /** What is written on the workspace's place. */
    Optional<Receipt> find(WorkspaceId id);

    /** Whether the place where a result was left is still there. */
    boolean stands(Receipt left);

    /** Nothing more is taken, and nothing runs for it; what lies there stays. */
    void close(WorkspaceId id);

    /** The place goes, and what lies there with it; returns when it is gone. */
    void discard(WorkspaceId id);
}
