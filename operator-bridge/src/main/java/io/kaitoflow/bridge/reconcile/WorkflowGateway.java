package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.util.Optional;
import java.util.Set;

/** What the bridge asks of the workflows. Every call is one RPC and may be repeated at will. */
public interface WorkflowGateway {

    /** Starts the run if there is none and tells it the wish; the same call for create, update, delete and re-list. */
    void desire(WorkspaceId id, DesiredState state);

    /** Whether a run is open: it closes only when nothing of the workspace is left. */
    boolean running(WorkspaceId id);

    /** Makes sure that the server knows what runs need of it; called now and then, as its database may be lost. */
    void prepare();

    /** The workflow ids of all open runs; a run that was started moments ago may be missing. */
    Set<String> openRuns();

    /** Tells an open run that something about its claim changed; nobody to tell is fine. */
    void nodeObserved(WorkspaceId id, String leaseName);

    /** Where the run stands; empty when there is none. */
    Optional<WorkspaceSnapshot> snapshot(WorkspaceId id);
}
