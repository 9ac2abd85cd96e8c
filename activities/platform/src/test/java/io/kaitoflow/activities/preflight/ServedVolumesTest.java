package io.kaitoflow.activities.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Who looks at adapters in volumes: a pod before something is bought for them, else the server that reads the volumes anyway. */
class ServedVolumesTest {

    private static final Finding MISFIT =
            new Finding(Severity.REFUSAL, FailureKind.INVALID_REQUEST, "adapter one", "It does not fit.");

    /** Finds fault with every adapter. */
    private record Stern(boolean seenByServer) implements AdapterInspection {

        @Override
        public List<Finding> inspect(AdapterTask task, Consumer<String> waiting) {
            return List.of(MISFIT);
        }

        @Override
        public boolean seenByServer(AdapterTask task) {
            return seenByServer;
        }
    }

    private static PreflightReport look(boolean seenByServer, boolean serverStays) {
        WorkspaceRequest request =
                Requests.serving(new AdapterReference("one", new VolumeReference.Claim("adapters"), 1));
        WorkspacePlan plan = new PlanActivitiesImpl(
                        PresetCatalogue.load(), new ThisMachine(ByteSize.ofGibibytes(8), 2, true))
                .make(request);
        Surroundings surroundings = new Surroundings(
                (id, job, preset, waiting) -> {
                    throw new AssertionError("There is no data");
                },
                (preset, model) -> List.of(),
                (id, image, secrets) -> {
                    throw new AssertionError("There is no image");
                },
                new Stern(seenByServer),
                target -> List.of(),
                input -> List.of());
        return new PreflightActivitiesImpl(surroundings)
                .inspect(new PreflightActivities.Input(request, plan, serverStays));
    }

    @Test
    void aServerThatStaysAndReadsTheVolumesJudgesForItself() {
        assertThat(look(true, true)).isEqualTo(new PreflightReport(List.of(), Optional.empty()));
    }

    @Test
    void whatAMachineIsBoughtForIsLookedAtFirst() {
        assertThat(look(true, false).refusals()).containsExactly(MISFIT);
    }

    @Test
    void aVolumeThatTheServerDoesNotReadYetIsLookedInto() {
        assertThat(look(false, true).refusals()).containsExactly(MISFIT);
    }
}
