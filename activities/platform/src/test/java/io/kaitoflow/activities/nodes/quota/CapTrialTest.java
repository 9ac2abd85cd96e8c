package io.kaitoflow.activities.nodes.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.nodes.byo.NodeProspect;
import io.kaitoflow.activities.nodes.byo.NodeSamples;
import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.activities.preflight.CatalogueMachines;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.activities.preflight.PlanActivitiesImpl;
import io.kaitoflow.activities.preflight.Requests;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.PreflightActivities.Input;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CapTrialTest {

    private static final String ONE_GPU = "Standard_NC24ads_A100_v4";
    private static final String TWO_GPUS = "Standard_NC48ads_A100_v4";

    @Test
    void whatCanNeverBeAdmittedIsRefusedBeforeItWaits() {
        List<Finding> findings = findings(1, TWO_GPUS);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.REFUSAL);
            assertThat(finding.kind()).isEqualTo(FailureKind.OVER_CAP);
            assertThat(finding.message())
                    .isEqualTo("1 x " + TWO_GPUS + " is 2 GPUs, and namespace default may use 1 GPUs at once.");
        });
    }

    @Test
    void oneKindThatFitsIsEnough() {
        assertThat(findings(1, TWO_GPUS, ONE_GPU)).isEmpty();
        assertThat(findings(2, TWO_GPUS)).isEmpty();
    }

    @Test
    void ownNodesAreCountedAsThoseThatAreThere() {
        NodeFacts large = NodeFacts.of(NodeSamples.node("n8", 8, Map.of("nvidia.com/gpu.product", "NVIDIA-A10")));
        OwnNodes own = NodeProspect.of(List.of(large), GpuCatalogue.load());

        assertThat(findings(8, own)).isEmpty();
        assertThat(findings(4, own))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .isEqualTo("1 x own is 8 GPUs, and namespace default may use 4 GPUs at once."));
        assertThat(findings(4, OwnNodes.UNKNOWN)).isEmpty();
    }

    private static List<Finding> findings(int cap, String... kinds) {
        return findings(cap, OwnNodes.UNKNOWN, kinds);
    }

    private static List<Finding> findings(int cap, OwnNodes own, String... kinds) {
        WorkspaceRequest request = Requests.tuning("smollm2-135m-instruct", kinds);
        var machines = new CatalogueMachines(GpuCatalogue.load(), "azure", List.of(), own, Clock.systemUTC());
        var plan = new PlanActivitiesImpl(PresetCatalogue.load(), machines).make(request);
        return new CapTrial(new Caps(Optional.of(Claims.gpus(cap)), Map.of())).check(new Input(request, plan));
    }
}
