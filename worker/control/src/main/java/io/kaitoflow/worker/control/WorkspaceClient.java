package io.kaitoflow.worker.control;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.kaitoflow.workflows.workspace.WorkspaceInput;
import io.kaitoflow.workflows.workspace.WorkspaceWorkflow;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.converter.DataConverter;
import java.util.Optional;
import java.util.stream.Stream;

/** What anyone may do with a workspace's run: tell the newest wish, give an order, look. Every call is one RPC. */
public final class WorkspaceClient {

    private final WorkflowClient client;
    private final boolean searchable;

    /** @param searchable whether the server knows the workspace search attributes */
    public WorkspaceClient(TemporalConnection connection, boolean searchable) {
        this.client = connection.client();
        this.searchable = searchable;
    }

    /** Starts the run if there is none and tells it the wish; the same call for create, update, delete and re-list. */
    public void desire(WorkspaceId id, DesiredState state) {
        WorkspaceWorkflow run = client.newWorkflowStub(
                WorkspaceWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(id.workflowId())
                        .setTaskQueue(TaskQueues.CONTROL)
                        .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .setStaticSummary("Workspace " + id.namespace() + "/" + id.name())
                        .build());
        BatchRequest together = client.newSignalWithStartRequest();
        together.add(run::run, WorkspaceInput.first(id, searchable));
        together.add(run::desire, state);
        client.signalWithStart(together);
    }

    /** Pauses, resumes, cancels or retries. */
    public void order(WorkspaceId id, Verb verb) {
        stub(id).order(verb);
    }

    /** Where the run stands. */
    public WorkspaceSnapshot snapshot(WorkspaceId id) {
        return stub(id).snapshot();
    }

    /** Whether a run is open: it closes only when nothing of the workspace is left. */
    public boolean running(WorkspaceId id) {
        return describe(id)
                .map(found -> found.getWorkflowExecutionInfo().getStatus())
                .filter(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING::equals)
                .isPresent();
    }

    /** How far the running step is, from its heartbeat: progress never passes through history. */
    public Optional<TuningProgress> progress(WorkspaceId id) {
        DataConverter converter = client.getOptions().getDataConverter();
        return describe(id).stream()
                .flatMap(found -> found.getPendingActivitiesList().stream())
                .filter(PendingActivityInfo::hasHeartbeatDetails)
                // A bare sign of life carries an empty detail.
                .flatMap(pending -> Stream.ofNullable(converter.fromPayloads(
                        0, Optional.of(pending.getHeartbeatDetails()), TuningProgress.class, TuningProgress.class)))
                .findFirst();
    }

    private WorkspaceWorkflow stub(WorkspaceId id) {
        return client.newWorkflowStub(WorkspaceWorkflow.class, id.workflowId());
    }

    private Optional<DescribeWorkflowExecutionResponse> describe(WorkspaceId id) {
        DescribeWorkflowExecutionRequest request = DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(id.workflowId()))
                .build();
        try {
            return Optional.of(client.getWorkflowServiceStubs().blockingStub().describeWorkflowExecution(request));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
