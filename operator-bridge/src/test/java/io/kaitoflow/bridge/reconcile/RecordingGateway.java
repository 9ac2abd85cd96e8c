package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowServiceException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was told; its runs can be ended and its server be out. */
final class RecordingGateway implements WorkflowGateway {

    /** One signal. */
    record Told(WorkspaceId id, DesiredState state) {}

    private final List<Told> told = new CopyOnWriteArrayList<>();
    private final List<WorkspaceId> observed = new CopyOnWriteArrayList<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Set<String> deaf = ConcurrentHashMap.newKeySet();
    private volatile boolean out;

    @Override
    public void desire(WorkspaceId id, DesiredState state) {
        if (out || deaf.contains(id.name())) {
            throw new WorkflowServiceException(
                    WorkflowExecution.newBuilder()
                            .setWorkflowId(id.workflowId())
                            .build(),
                    "Workspace",
                    new IllegalStateException("the server is out"));
        }
        told.add(new Told(id, state));
        open.add(id.workflowId());
    }

    @Override
    public boolean running(WorkspaceId id) {
        return open.contains(id.workflowId());
    }

    @Override
    public void prepare() {
        // This server forgets nothing.
    }

    @Override
    public Set<String> openRuns() {
        return Set.copyOf(open);
    }

    @Override
    public void nodeObserved(WorkspaceId id, String leaseName) {
        observed.add(id);
    }

    @Override
    public Optional<WorkspaceSnapshot> snapshot(WorkspaceId id) {
        return Optional.empty();
    }

    List<WorkspaceId> observed() {
        return List.copyOf(observed);
    }

    List<Told> told() {
        return List.copyOf(told);
    }

    List<Told> deletions() {
        return told.stream().filter(one -> one.state().deleted()).toList();
    }

    void goOut(boolean isOut) {
        out = isOut;
    }

    /** Takes no wish of this workspace. */
    void deafTo(String name) {
        deaf.add(name);
    }

    void endAllRuns() {
        open.clear();
    }
}
