package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds workspaces whose run is gone, because somebody terminated it or the database was lost, and has their wish told anew. One
 * list for all; who is missing twice in a row is asked for by name, as lists lag behind.
 */
final class RollCall {

    private static final Logger LOG = LoggerFactory.getLogger(RollCall.class);

    private final WorkflowGateway gateway;
    private final Supplier<Stream<Workspace>> workspaces;
    private Set<String> missedBefore = Set.of();

    /** @param workspaces that are expected to have a run */
    RollCall(WorkflowGateway gateway, Supplier<Stream<Workspace>> workspaces) {
        this.gateway = gateway;
        this.workspaces = workspaces;
    }

    /** @return those without a run */
    List<WorkspaceId> missing() {
        gateway.prepare();
        Set<WorkspaceId> expected =
                workspaces.get().map(WorkspaceTranslator::idOf).collect(Collectors.toSet());
        Set<String> present = gateway.openRuns();
        Set<String> missed = new HashSet<>();
        expected.stream()
                .map(WorkspaceId::workflowId)
                .filter(id -> !present.contains(id))
                .forEach(missed::add);
        List<WorkspaceId> gone = expected.stream()
                .filter(id -> missed.contains(id.workflowId()) && missedBefore.contains(id.workflowId()))
                .filter(id -> !gateway.running(id))
                .toList();
        gone.forEach(id ->
                LOG.atWarn().addKeyValue("workflowId", id.workflowId()).log("The run is gone; a fresh one is started"));
        missedBefore = missed;
        return gone;
    }
}
