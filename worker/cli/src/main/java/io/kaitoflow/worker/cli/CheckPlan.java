package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.preflight.CatalogueMachines;
import io.kaitoflow.activities.preflight.PlanActivitiesImpl;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.worker.cli.local.LocalActivities;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.time.Clock;
import java.util.List;

/**
 * Plans as a cluster would where the manifest names machines to buy, and for this machine where it names none.
 *
 * @param clock tells which machines are retired
 */
record CheckPlan(Clock clock) {

    private static final String PROVIDER = "azure";

    static CheckPlan of(Clock clock) {
        return new CheckPlan(clock);
    }

    WorkspacePlan make(WorkspaceRequest request) {
        return request.machines().instanceTypes().isEmpty()
                ? LocalActivities.plan().make(request)
                : new PlanActivitiesImpl(
                                PresetCatalogue.load(),
                                new CatalogueMachines(GpuCatalogue.load(), PROVIDER, List.of(), clock))
                        .make(request);
    }
}
