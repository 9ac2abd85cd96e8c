package io.kaitoflow.workflows.status;

import io.temporal.activity.ActivityInterface;

/** The bridge's side of the status; latest wins, and it never holds up a step. */
@ActivityInterface(namePrefix = "Status.")
public interface StatusActivities {

    /** Shows a snapshot to users; an object that is gone or was re-created is done. */
    void publish(WorkspaceSnapshot snapshot);
}
