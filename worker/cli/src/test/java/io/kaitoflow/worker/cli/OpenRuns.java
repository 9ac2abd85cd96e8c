package io.kaitoflow.worker.cli;

import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.workspace.WorkspaceInput;
import io.kaitoflow.workflows.workspace.WorkspaceWorkflow;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;

/** Runs that are open although nobody works on them. */
final class OpenRuns {

    private OpenRuns() {}

    /** The id of the run that was started. */
    static String start(TemporalConnection connection, WorkspaceId id, String queue) {
        WorkspaceWorkflow run = connection
                .client()
                .newWorkflowStub(
                        WorkspaceWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(id.workflowId())
                                .setTaskQueue(queue)
                                .build());
        WorkflowExecution started = WorkflowClient.start(run::run, WorkspaceInput.first(id, false));
        return started.getRunId();
    }
}
