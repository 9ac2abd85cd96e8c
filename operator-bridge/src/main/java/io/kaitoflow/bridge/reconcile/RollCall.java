package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds workspaces whose run is gone, because somebody terminated it or the database was lost, and has their wish told anew. One
 * list for all; who is missing twice in a row is asked for by name, as lists lag behind.
 */
final class RollCall {

    private static final Logger LOG = LoggerFactory.getLogger(RollCall.class);

    private final WorkflowGateway gateway;
    private Set<String> missedBefore = Set.of();

    RollCall(WorkflowGateway gateway) {
        this.gateway = gateway;
    }

    /**
     * Compares who should have a run with the runs there are.
     *
     * @param expected as it was before the runs were listed: who comes meanwhile is in no list, and is not missed
     * @return those without a run
     */
    List<WorkspaceId> missing(Set<WorkspaceId> expected, Set<String> openRuns) {
        Set<String> missed = expected.stream()
                .map(WorkspaceId::workflowId)
                .filter(id -> !openRuns.contains(id))
                .collect(Collectors.toSet());
        List<WorkspaceId> gone = expected.stream()
                .filter(id -> missed.contains(id.workflowId()) && missedBefore.contains(id.workflowId()))
                .filter(id -> !gateway.running(id))
                .toList();
        gone.forEach(id -> LOG.atWarn()
                .addKeyValue("workflowId", id.workflowId())
                .log("The run is gone; a fresh one is started once its wish can be told"));
        missedBefore = missed;
        return gone;
    }
}
