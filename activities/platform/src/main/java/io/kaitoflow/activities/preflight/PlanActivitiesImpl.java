package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.plan.PlanActivities;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;

/** Reads the catalogue, so that the workflow does not have to: the catalogue changes, history does not. */
public final class PlanActivitiesImpl implements PlanActivities {

    private final PresetCatalogue presets;
    private final MachineChoice machines;

    public PlanActivitiesImpl(PresetCatalogue presets, MachineChoice machines) {
        this.presets = presets;
        this.machines = machines;
    }

    @Override
    public WorkspacePlan plan(WorkspaceRequest request) {
        return ActivityFailures.call(() -> make(request));
    }

    /** @throws PlanException when there can be no plan */
    public WorkspacePlan make(WorkspaceRequest request) {
        Preset preset = preset(request.goal());
        MachineChoice.Choice choice = machines.choose(
                request,
                JobMemory.precision(computeType(request.goal())),
                precision -> JobMemory.of(request.goal(), preset, precision, machines.areProcessors()));
        JobMemory memory = JobMemory.of(request.goal(), preset, choice.precision(), machines.areProcessors());
        return new WorkspacePlan(
                preset,
                choice.machines(),
                memory.tuningPeak(),
                memory.servingPeak(),
                JobMemory.computeType(choice.precision()),
                choice.notes(),
                choice.expected());
    }

    private Preset preset(WorkspaceGoal goal) {
        ModelReference model = goal.model();
        if (goal instanceof WorkspaceGoal.ServeTemplate) {
            return standIn(model.preset());
        }
        Preset preset = presets.find(model.preset())
                .orElseThrow(() -> new PlanException.Unknown("preset.name: \"" + model.preset()
                        + "\" is no model of the catalogue" + presets.names().suggestion(model.preset())));
        if (!(goal instanceof WorkspaceGoal.Serve) && !preset.tunable()) {
            throw new PlanException.Unknown(
                    "tuning.preset.name: adapters cannot be trained on \"" + preset.name() + "\".");
        }
        return preset;
    }

    /** For a pod of its owner's own: nothing is known of what it serves. */
    private static Preset standIn(String name) {
        ModelShape nothing = new ModelShape(0, 0, 0, 0, 0, 0, 0, false);
        return new Preset(name, "its owner's", nothing, 0, List.of(), List.of(), "its owner's", false, false);
    }

    private static ComputeType computeType(WorkspaceGoal goal) {
        return switch (goal) {
            case WorkspaceGoal.Serve _, WorkspaceGoal.ServeTemplate _ -> ComputeType.BF16;
            case WorkspaceGoal.Tune tune -> tune.job().recipe().lora().computeType();
            case WorkspaceGoal.TuneThenServe both -> both.job().recipe().lora().computeType();
        };
    }
}
