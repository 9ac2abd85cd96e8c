package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.status.StatusBoard;
import io.kaitoflow.bridge.translate.ObservedWorkspace;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Optional;

/**
 * Brings one workspace's wish to its run: translate, and signal when that says something new. What cannot be accepted stops here
 * and is shown; an edit that is refused leaves the old goal running.
 */
public final class WishDelivery {

    private final WorkspaceTranslator translator;
    private final WorkflowGateway gateway;
    private final WishMemory memory;
    private final StatusBoard board;
    private final BridgeTimes times;

    public WishDelivery(WorkspaceTranslator translator, WorkflowGateway gateway, StatusBoard board, BridgeTimes times) {
        this(translator, gateway, new WishMemory(System::nanoTime), board, times);
    }

    WishDelivery(
            WorkspaceTranslator translator,
            WorkflowGateway gateway,
            WishMemory memory,
            StatusBoard board,
            BridgeTimes times) {
        this.times = times;
        this.translator = translator;
        this.gateway = gateway;
        this.memory = memory;
        this.board = board;
    }

    /** @param references those that the workspace names, as far as they exist */
    public void deliver(Workspace workspace, ReferencedObjects references) {
        if (workspace.isMarkedForDeletion()) {
            deliverDeletion(workspace);
            return;
        }
        Translation verdict = translator.translate(workspace, references);
        ObservedWorkspace observed = new ObservedWorkspace(workspace, references);
        board.judged(workspace, observed.fingerprint(), verdict);
        if (verdict instanceof Translation.Accepted accepted) {
            tell(WorkspaceTranslator.idOf(workspace), observed.desiredState(accepted.request()));
        } else {
            times.settled(WorkspaceTranslator.idOf(workspace), false);
        }
    }

    /** Also of a workspace that never was accepted: an earlier edit may have been. */
    private void deliverDeletion(Workspace workspace) {
        ObservedWorkspace observed = new ObservedWorkspace(workspace, ReferencedObjects.none());
        board.seen(workspace);
        tell(
                WorkspaceTranslator.idOf(workspace),
                new DesiredState(observed.fingerprint(), observed.orderingVersion(), Optional.empty(), List.of()));
    }

    /** The object is gone: a run that still works on it, or a fresh one, gives back what is left. */
    void deliverAbsence(WorkspaceId id) {
        if (!gateway.running(id)) {
            memory.forget(id);
        }
        tell(id, DesiredState.absent());
    }

    /** How long wishes wait for being told. */
    BridgeTimes times() {
        return times;
    }

    /** The run of a workspace is gone: whatever was told is told again, to a fresh one. */
    public void forget(WorkspaceId id) {
        memory.forget(id);
    }

    private void tell(WorkspaceId id, DesiredState state) {
        if (memory.news(id, state)) {
            gateway.desire(id, state);
            memory.told(id, state);
            times.settled(id, true);
        } else {
            memory.seen(id, state);
            times.settled(id, false);
        }
    }
}
