package io.kaitoflow.worker.control;

import io.kaitoflow.bridge.reconcile.TemporalGateway;
import io.kaitoflow.bridge.reconcile.TemporalGateway.OpenRun;
import io.kaitoflow.bridge.status.ProgressReader;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.kaitoflow.workflows.workspace.WorkspaceWorkflow;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowUpdateException;
import java.util.Optional;

/** What anyone may do with a workspace's run: tell the newest wish, give an order, look. Every call is one RPC. */
public final class WorkspaceClient {

    private final WorkflowClient client;
    private final TemporalGateway gateway;
    private final ProgressReader progress;

    /** @param searchable whether the server knows the workspace search attributes */
    public WorkspaceClient(TemporalConnection connection, boolean searchable) {
        this(connection, searchable, TaskQueues.CONTROL);
    }

    /**
     * @param searchable whether the server knows the workspace search attributes
     * @param queue of the runs that are started
     */
    public WorkspaceClient(TemporalConnection connection, boolean searchable, String queue) {
        this.client = connection.client();
        this.gateway = new TemporalGateway(connection, searchable, queue);
        this.progress = new ProgressReader(connection);
    }

    /** Starts the run if there is none and tells it the wish; the same call for create, update, delete and re-list. */
    public void desire(WorkspaceId id, DesiredState state) {
        gateway.desire(id, state);
    }

    /** Pauses, resumes, cancels, retries or extends. */
    public void order(WorkspaceId id, Verb verb) {
        stub(id).order(Order.of(verb));
    }

    /**
     * The same with an answer.
     *
     * @return what happens now, in a sentence
     * @throws OrderRefusedException when it means nothing now, or there is no run
     */
    public String ask(WorkspaceId id, Order order) {
        try {
            return stub(id).answered(order);
        } catch (WorkflowUpdateException refused) {
            throw OrderRefusedException.byRun(refused);
        } catch (WorkflowNotFoundException none) {
            throw new OrderRefusedException("No run of " + id.namespace() + "/" + id.name() + " is open.", none);
        }
    }

    /** The workspace of this name whose run is open; of namesakes that are being given back and a new one, any. */
    public Optional<WorkspaceId> find(String namespace, String name) {
        return gateway.openRunsOfAll().stream()
                .flatMap(run -> WorkspaceId.ofWorkflow(run).stream())
                .filter(id -> id.namespace().equals(namespace) && id.name().equals(name))
                .findAny();
    }

    /** Where the run stands. */
    public WorkspaceSnapshot snapshot(WorkspaceId id) {
        return stub(id).snapshot();
    }

    /** Whether a run is open: it closes only when nothing of the workspace is left. */
    public boolean running(WorkspaceId id) {
        return gateway.running(id);
    }

    /** The open run, which may be one of another queue. */
    public Optional<OpenRun> open(WorkspaceId id) {
        return gateway.open(id);
    }

    /** Closes a run as it stands; nothing is given back by it. */
    public void terminate(WorkspaceId id, OpenRun run, String reason) {
        gateway.terminate(id, run, reason);
    }

    /** How far the running step is, from its heartbeat: progress never passes through history. */
    public Optional<TuningProgress> progress(WorkspaceId id) {
        return progress.read(id);
    }

    private WorkspaceWorkflow stub(WorkspaceId id) {
        return client.newWorkflowStub(WorkspaceWorkflow.class, id.workflowId());
    }
}
