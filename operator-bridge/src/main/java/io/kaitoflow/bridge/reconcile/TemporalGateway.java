package io.kaitoflow.bridge.reconcile;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kaitoflow.temporal.Registration;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.kaitoflow.workflows.workspace.WorkspaceInput;
import io.kaitoflow.workflows.workspace.WorkspaceSearchAttributes;
import io.kaitoflow.workflows.workspace.WorkspaceWorkflow;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowQueryException;
import io.temporal.common.SearchAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runs on a Temporal server whose tasks come through one queue. Others may be there: of commands that run workspaces themselves. */
public final class TemporalGateway implements WorkflowGateway {

    private static final Logger LOG = LoggerFactory.getLogger(TemporalGateway.class);

    private static final String OPEN =
            "WorkflowType = '" + WorkspaceWorkflow.TYPE + "' AND ExecutionStatus = 'Running'";

    private final WorkflowClient client;
    private final String queue;
    private final BooleanSupplier searchable;
    private final Runnable preparation;

    /**
     * A run that is open.
     *
     * @param runId of its newest history
     * @param queue through which its tasks come
     */
    public record OpenRun(String runId, String queue) {}

    /** @param searchable whether the server knows the workspace search attributes */
    public TemporalGateway(TemporalConnection connection, boolean searchable) {
        this(connection, searchable, TaskQueues.CONTROL);
    }

    /**
     * @param searchable whether the server knows the workspace search attributes
     * @param queue of the runs that are started
     */
    public TemporalGateway(TemporalConnection connection, boolean searchable, String queue) {
        this(connection, () -> searchable, () -> {}, queue);
    }

    /** @param registration of the workspace search attributes, renewed when the server forgot them */
    public TemporalGateway(TemporalConnection connection, Registration registration) {
        this(connection, registration::searchable, registration::renew, TaskQueues.CONTROL);
    }

    private TemporalGateway(
            TemporalConnection connection, BooleanSupplier searchable, Runnable preparation, String queue) {
        this.client = connection.client();
        this.queue = queue;
        this.searchable = searchable;
        this.preparation = preparation;
    }

    @Override
    public void desire(WorkspaceId id, DesiredState state) {
        boolean attributes = searchable.getAsBoolean();
        WorkflowOptions options = WorkflowOptions.newBuilder()
                .setTypedSearchAttributes(attributes ? attributes(id, state) : SearchAttributes.EMPTY)
                .setWorkflowId(id.workflowId())
                .setTaskQueue(queue)
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setStaticSummary("Workspace " + id.namespace() + "/" + id.name())
                .build();
        client.newUntypedWorkflowStub(WorkspaceWorkflow.TYPE, options)
                .signalWithStart("desire", new Object[] {state}, new Object[] {WorkspaceInput.first(id, attributes)});
    }

    /** What does not change while the object lives. */
    private static SearchAttributes attributes(WorkspaceId id, DesiredState state) {
        SearchAttributes.Builder attributes =
                SearchAttributes.newBuilder().set(WorkspaceSearchAttributes.NAMESPACE, id.namespace());
        state.request()
                .ifPresent(request -> attributes.set(
                        WorkspaceSearchAttributes.PRESET, request.goal().model().preset()));
        return attributes.build();
    }

    @Override
    public boolean running(WorkspaceId id) {
        return open(id).isPresent();
    }

    /** The open run of this workspace, through whichever queue its tasks come. */
    public Optional<OpenRun> open(WorkspaceId id) {
        DescribeWorkflowExecutionRequest request = DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(id.workflowId()))
                .build();
        try {
            return Optional.of(client.getWorkflowServiceStubs().blockingStub().describeWorkflowExecution(request))
                    .filter(TemporalGateway::isOpen)
                    .map(run -> new OpenRun(
                            run.getWorkflowExecutionInfo().getExecution().getRunId(),
                            run.getExecutionConfig().getTaskQueue().getName()));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isOpen(DescribeWorkflowExecutionResponse run) {
        return run.getWorkflowExecutionInfo().getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    }

    /** Closes a run as it stands; nothing is given back by it. */
    public void terminate(WorkspaceId id, OpenRun run, String reason) {
        client.newUntypedWorkflowStub(id.workflowId(), Optional.of(run.runId()), Optional.empty())
                .terminate(reason);
    }

    @Override
    public void prepare() {
        preparation.run();
    }

    @Override
    public Set<String> openRuns() {
        return listed(OPEN + " AND TaskQueue = '" + queue + "'");
    }

    /** The same, through whichever queue their tasks come. */
    public Set<String> openRunsOfAll() {
        return listed(OPEN);
    }

    private Set<String> listed(String query) {
        try (Stream<WorkflowExecutionMetadata> open = client.listExecutions(query)) {
            return open.map(run -> run.getExecution().getWorkflowId()).collect(Collectors.toSet());
        }
    }

    @Override
    public void nodeObserved(WorkspaceId id, String leaseName) {
        try {
            client.newUntypedWorkflowStub(id.workflowId()).signal("nodeObserved", leaseName);
        } catch (WorkflowNotFoundException nobodyWaits) {
            // A claim that outlived its run: whoever adopts it looks by itself.
            return;
        }
    }

    @Override
    public Optional<WorkspaceSnapshot> snapshot(WorkspaceId id) {
        try {
            return Optional.of(client.newWorkflowStub(WorkspaceWorkflow.class, id.workflowId())
                    .snapshot());
        } catch (WorkflowNotFoundException none) {
            return Optional.empty();
        } catch (WorkflowQueryException stuck) {
            LOG.atWarn()
                    .addKeyValue("workflowId", id.workflowId())
                    .setCause(stuck)
                    .log("A run does not answer");
            return Optional.empty();
        }
    }
}
