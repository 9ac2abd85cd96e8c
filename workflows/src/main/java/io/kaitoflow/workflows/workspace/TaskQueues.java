package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.WorkspaceId;

/** The names of the task queues; workers and workflow agree on them here. */
public final class TaskQueues {

    /** Workflow tasks and platform activities. */
    public static final String CONTROL = "kaitoflow-control";

    /** Status writes. */
    public static final String STATUS = "kaitoflow-status";

    private TaskQueues() {}

    /** The queue that only this workspace's tuner polls. */
    public static String tuner(WorkspaceId id) {
        return "tuner/" + id.uid();
    }
}
