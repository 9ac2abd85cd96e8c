package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests as a user would write them. */
public final class Requests {

    static final ImageReference OUTPUT = ImageReference.parse("registry.example.com/adapters/x:1");

    private Requests() {}

    static TuningJob job(String preset) {
        return new TuningJob(
                new ModelReference(preset, Optional.empty()),
                TuningMethod.QLORA,
                new DatasetSource.Urls(List.of("https://example.com/data.jsonl")),
                new OutputTarget.Image(OUTPUT, Optional.empty()),
                TrainingRecipe.defaults());
    }

    public static WorkspaceRequest tuning(String preset, String... instanceTypes) {
        return request(new WorkspaceGoal.TuneThenServe(job(preset)), Terms.none(), instanceTypes);
    }

    static WorkspaceRequest serving(AdapterReference... adapters) {
        ModelReference model = new ModelReference("smollm2-135m-instruct", Optional.empty());
        return request(new WorkspaceGoal.Serve(model, List.of(adapters)), Terms.none());
    }

    /** With a pod of the owner's own. */
    static WorkspaceRequest serving(String template, String... instanceTypes) {
        return request(new WorkspaceGoal.ServeTemplate(template), Terms.none(), instanceTypes);
    }

    static WorkspaceRequest with(WorkspaceRequest request, Terms terms) {
        return new WorkspaceRequest(request.id(), request.goal(), request.machines(), terms);
    }

    static WorkspaceRequest spot(WorkspaceRequest request) {
        MachineRequest machines = request.machines();
        return new WorkspaceRequest(
                request.id(),
                request.goal(),
                new MachineRequest(machines.instanceTypes(), 1, machines.labels(), List.of(), true),
                request.terms());
    }

    static Terms bypassing() {
        Terms none = Terms.none();
        return new Terms(none.budgetUsd(), none.maxDuration(), false, none.minimumImprovement(), false, true);
    }

    static Terms uninspected() {
        Terms none = Terms.none();
        return new Terms(none.budgetUsd(), none.maxDuration(), false, none.minimumImprovement(), true, false);
    }

    private static WorkspaceRequest request(WorkspaceGoal goal, Terms terms, String... instanceTypes) {
        return new WorkspaceRequest(
                new WorkspaceId("default", "w", "0a"),
                goal,
                new MachineRequest(List.of(instanceTypes), 1, Map.of(), List.of(), false),
                terms);
    }
}
