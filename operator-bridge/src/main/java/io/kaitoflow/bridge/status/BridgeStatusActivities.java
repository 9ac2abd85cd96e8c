package io.kaitoflow.bridge.status;

import io.kaitoflow.workflows.status.StatusActivities;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.util.function.Consumer;

/** Hears snapshots from the status queue. Returns at once: the write has its own pace and holds up no step. */
public final class BridgeStatusActivities implements StatusActivities {

    private final Consumer<WorkspaceSnapshot> listener;

    /** @param listener is told each snapshot; it must not wait */
    public BridgeStatusActivities(Consumer<WorkspaceSnapshot> listener) {
        this.listener = listener;
    }

    @Override
    public void publish(WorkspaceSnapshot snapshot) {
        listener.accept(snapshot);
    }
}
