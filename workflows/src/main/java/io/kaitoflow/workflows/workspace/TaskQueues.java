package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.WorkspaceId;

/** The names of the task queues; workers and workflow agree on them here. */
public final class TaskQueues {

    /** Workflow tasks and platform activities of a cluster's workspaces. */
    public static final String CONTROL = "kaitoflow-control";

    /** Status writes of a cluster's workspaces. */
    public static final String STATUS = "kaitoflow-status";

    private TaskQueues() {}

    /** The queue that only this workspace's tuner polls. */
    public static String tuner(WorkspaceId id) {
        return "tuner/" + id.uid();
    }

    /**
     * The queue that only the command polls which runs this workspace on its own machine.
     *
     * @param home tells homes apart: on one server two of them may have workspaces of one name
     */
    public static String local(WorkspaceId id, String home) {
        return "kaitoflow-local/" + id.namespace() + "/" + id.name() + "/" + home;
    }

    /** Where the status of a run is written whose tasks come through this queue; only a cluster has several who could. */
    static String status(String ofRun) {
        return ofRun.equals(CONTROL) ? STATUS : ofRun;
    }
}
