package io.kaitoflow.workflows.preflight;

import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.temporal.activity.ActivityInterface;

/** Looks at data, model, registry and memory before anything is bought. */
@ActivityInterface(namePrefix = "Preflight.")
public interface PreflightActivities {

    /**
     * What is asked for.
     *
     * @param serverStays whether a server answers on a machine that this request leaves it; false in inputs of earlier releases
     */
    record Input(WorkspaceRequest request, WorkspacePlan plan, boolean serverStays) {

        /** A request that nothing answers for yet. */
        public Input(WorkspaceRequest request, WorkspacePlan plan) {
            this(request, plan, false);
        }
    }

    /** @return all findings; never fails because of one, only when looking itself was impossible */
    PreflightReport inspect(Input input);
}
