package io.kaitoflow.worker.control;

import io.kaitoflow.activities.nodes.quota.CapTrial;
import io.kaitoflow.activities.preflight.PlanActivitiesImpl;
import io.kaitoflow.activities.preflight.PlanException;
import io.kaitoflow.bridge.admission.Outlook;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightActivities.Input;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;

/**
 * Refuses at admission what preflight would refuse because its namespace's cap could never hold it.
 *
 * @param plans which machines a wish may use
 * @param caps of namespaces
 */
record CapOutlook(PlanActivitiesImpl plans, CapTrial caps) implements Outlook {

    @Override
    public List<Finding> on(WorkspaceRequest request) {
        try {
            return caps.check(new Input(request, plans.make(request)));
        } catch (PlanException noMachine) {
            // The run says so, before anything is bought.
            return List.of();
        }
    }
}
