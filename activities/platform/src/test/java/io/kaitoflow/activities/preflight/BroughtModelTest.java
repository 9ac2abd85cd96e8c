package io.kaitoflow.activities.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A model whose weights take an hour to come. */
class BroughtModelTest {

    private final List<String> brought = new ArrayList<>();

    private final ModelAvailability model = new ModelAvailability() {
        @Override
        public List<Finding> check(Preset preset, ModelReference named) {
            return List.of();
        }

        @Override
        public void bring(Preset preset, ModelReference named) {
            brought.add(preset.name());
        }
    };

    @Test
    void comesWhenNothingSpeaksAgainstTheRun() {
        look(new Finding(Severity.WARNING, FailureKind.DATASET_INVALID, "tuning.input", "row 3 is cut off"));

        assertThat(brought).containsExactly("smollm2-135m-instruct");
    }

    @Test
    void staysWhereItIsForDataThatCannotBeTrainedOn() {
        look(new Finding(Severity.REFUSAL, FailureKind.DATASET_INVALID, "tuning.input", "row 3 has no role"));

        assertThat(brought).isEmpty();
    }

    private void look(Finding ofData) {
        WorkspaceRequest request = Requests.tuning("smollm2-135m-instruct");
        WorkspacePlan plan = new PlanActivitiesImpl(
                        PresetCatalogue.load(), new ThisMachine(ByteSize.ofGibibytes(8), 2, true))
                .make(request);
        Surroundings surroundings = new Surroundings(
                (id, job, preset, waiting) -> new InspectionAnswer(Optional.empty(), List.of(ofData)),
                model,
                (id, image, secrets) -> {
                    throw new AssertionError("There is no adapter");
                },
                (task, waiting) -> List.of(),
                target -> List.of(),
                input -> List.of());
        var unused = new PreflightActivitiesImpl(surroundings).inspect(new PreflightActivities.Input(request, plan));
    }
}
