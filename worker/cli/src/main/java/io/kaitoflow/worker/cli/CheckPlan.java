package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.nodes.quota.Cap;
import io.kaitoflow.activities.nodes.quota.Caps;
import io.kaitoflow.activities.preflight.CatalogueMachines;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.activities.preflight.PlanActivitiesImpl;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.worker.cli.local.LocalActivities;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Plans as a cluster would where the manifest names machines to buy, or where its nodes are known; else for this machine.
 *
 * @param catalogue machines that can be bought, and their prices
 * @param own nodes of the cluster, where they are known
 * @param clock tells which machines are retired
 */
record CheckPlan(GpuCatalogue catalogue, Optional<OwnNodes> own, Clock clock) {

    private static final String PROVIDER = "azure";

    WorkspacePlan make(WorkspaceRequest request) {
        return isForThisMachine(request)
                ? LocalActivities.plan().make(request)
                : inCluster().make(request);
    }

    /** What is to be known about the plan; empty where it is one of a cluster. */
    Optional<String> remark(WorkspaceRequest request) {
        return isForThisMachine(request)
                ? Optional.of(
                        "A cluster takes own nodes for this manifest, each of them whole, and counts all their GPUs;"
                                + " --nodes says which.")
                : Optional.empty();
    }

    /**
     * That prices are old on which something rests; empty where they are not.
     *
     * @param caps of namespaces
     */
    Optional<Finding> warning(WorkspaceRequest request, WorkspacePlan plan, Caps caps) {
        boolean capped =
                caps.of(request.id().namespace()).filter(Cap::countsMoney).isPresent();
        return new PriceAge(catalogue, capped, LocalDate.now(clock)).warning(request, plan);
    }

    private boolean isForThisMachine(WorkspaceRequest request) {
        return request.machines().instanceTypes().isEmpty() && own.isEmpty();
    }

    private PlanActivitiesImpl inCluster() {
        OwnNodes nodes = own.orElse(OwnNodes.UNKNOWN);
        return new PlanActivitiesImpl(
                PresetCatalogue.load(), new CatalogueMachines(catalogue, PROVIDER, List.of(), nodes, clock));
    }
}
