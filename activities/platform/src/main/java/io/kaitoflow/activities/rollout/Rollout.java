package io.kaitoflow.activities.rollout;

import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.PusherInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.rollout.TunerHandle;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts and stops a workspace's tuner and server, wherever those run. Every call may be repeated at will. */
public interface Rollout {

    /**
     * Starts the tuner, or a new one when the old one is gone.
     *
     * @throws RolloutException when it cannot be started
     */
    TunerHandle startTuner(TunerInput input);

    /**
     * Starts a tuner that only pushes what is kept, on no machine of its own.
     *
     * @param waiting is told about every second
     * @throws RolloutException when it cannot be started
     */
    TunerHandle startPusher(PusherInput input, Consumer<String> waiting);

    /** How the tuner ended, as far as can be seen; asked before it is stopped. */
    TunerEnd tunerEnd(WorkspaceId id);

    /** Stops the tuner and returns when it is gone; nothing to stop is fine. */
    void stopTuner(WorkspaceId id);

    /** Whether the server that stands serves this, or takes it while it runs. Where there is only one machine there is no other. */
    default boolean servedInPlace(RollInput input) {
        return true;
    }

    /**
     * Replaces the server by one of this input and returns when it answers. Where one stands on another machine, it goes after that.
     *
     * @param waiting is called about every second while it starts; what it throws ends the wait
     * @throws RolloutException when it does not come up
     */
    Endpoint roll(RollInput input, Runnable waiting);

    /** Stops the server and returns when it is gone; nothing to stop is fine. */
    void retire(WorkspaceId id);

    /** The base address at which this process itself reaches what answers there. */
    default String reach(RollInput input, Endpoint endpoint) {
        return endpoint.url();
    }

    /** A key for this process's own questions to a server that asks for one; empty where none is asked for, or there is none. */
    default Optional<String> key(RollInput input) {
        return Optional.empty();
    }

    /**
     * Starts the tuner, saying meanwhile what is waited for. Where a process starts at once there is nothing to say.
     *
     * @param waiting is told about every second
     */
    default TunerHandle startTuner(TunerInput input, Consumer<String> waiting) {
        return startTuner(input);
    }

    /** Replaces the server, saying meanwhile what is waited for. */
    default Endpoint roll(RollInput input, Consumer<String> waiting) {
        return roll(input, () -> waiting.accept(""));
    }
}
