package io.kaitoflow.workflows.preflight;

import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.temporal.activity.ActivityInterface;

/** Looks at data, model, registry and memory before anything is bought. */
@ActivityInterface(namePrefix = "Preflight.")
public interface PreflightActivities {

    /** The request and its plan. */
    record Input(WorkspaceRequest request, WorkspacePlan plan) {}

    /** @return all findings; never fails because of one, only when looking itself was impossible */
    PreflightReport inspect(Input input);
}
