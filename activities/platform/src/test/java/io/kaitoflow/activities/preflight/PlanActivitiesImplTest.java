package io.kaitoflow.activities.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.nodes.byo.NodeProspect;
import io.kaitoflow.activities.nodes.byo.NodeSamples;
import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.MachineFile;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.temporal.failure.ApplicationFailure;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanActivitiesImplTest {

    private static final Clock IN_2026 = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);

    private static PlanActivitiesImpl inTheCloud(String... zones) {
        return new PlanActivitiesImpl(
                PresetCatalogue.load(),
                new CatalogueMachines(GpuCatalogue.load(), "azure", List.of(zones), OwnNodes.UNKNOWN, IN_2026));
    }

    private static PlanActivitiesImpl here(long gibibytes) {
        return new PlanActivitiesImpl(
                PresetCatalogue.load(), new ThisMachine(ByteSize.ofGibibytes(gibibytes), 2, true));
    }

    @Test
    void thisMachineTakesThePlaceOfTheNamedOne() {
        WorkspacePlan plan = here(8).make(Requests.tuning("smollm2-135m-instruct", "Standard_NC24ads_A100_v4"));

        assertThat(plan.machines()).extracting(MachineOption::instanceType).containsExactly("local");
        assertThat(plan.notes()).singleElement().asString().contains("Standard_NC24ads_A100_v4");
        assertThat(plan.computeType()).isEqualTo(ComputeType.BF16);
    }

    @Test
    void processorsWithoutBfloat16TrainInFloat32AndServeWhatTheyWouldOtherwise() {
        var request = Requests.tuning("smollm2-135m-instruct");
        WorkspacePlan plan = new PlanActivitiesImpl(
                        PresetCatalogue.load(), new ThisMachine(ByteSize.ofGibibytes(8), 2, false))
                .make(request);

        assertThat(plan.computeType()).isEqualTo(ComputeType.FP32);
        assertThat(plan.notes())
                .containsExactly(
                        "This machine's processors have no kernels for bfloat16: training computes in float32 here.");
        assertThat(plan.trainingMemory()).isGreaterThan(here(8).make(request).trainingMemory());
        assertThat(plan.servingMemory()).isEqualTo(here(8).make(request).servingMemory());
    }

    @Test
    void thatNobodyIsAskedForAKeyHereIsSaid() {
        WorkspaceRequest plain = Requests.tuning("smollm2-135m-instruct");
        WorkspaceRequest keyed = new WorkspaceRequest(
                plain.id(),
                plain.goal(),
                plain.machines(),
                plain.terms(),
                new ServingTerms(false, false, Optional.empty(), false, Optional.of(new SecretReference("team-keys"))));

        assertThat(here(8).make(plain).notes()).isEmpty();
        assertThat(here(8).make(keyed).notes())
                .containsExactly(
                        "Keys are for clusters: on this machine the server listens on 127.0.0.1 alone, and asks for none.");
    }

    @Test
    void aModelThatDoesNotFitHereIsRefusedWithTheArithmetic() {
        assertThatThrownBy(() -> here(8).make(Requests.tuning("phi-4")))
                .isInstanceOf(PlanException.TooSmall.class)
                .hasMessageContaining("This machine has 8 GiB")
                .hasMessageContaining("weights ×")
                .hasMessageContaining("total ");
    }

    @Test
    void bypassedChecksGoOnAndSaySo() {
        WorkspaceRequest request = Requests.with(Requests.tuning("phi-4"), Requests.bypassing());

        assertThat(here(8).make(request).notes()).anyMatch(note -> note.contains("resource checks are bypassed"));
    }

    @Test
    void anUnknownPresetIsAnsweredWithTheNearestNames() {
        assertThatThrownBy(() -> here(8).plan(Requests.tuning("phi-3-mini-128k-instrukt")))
                .isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
                    assertThat(failure.getType()).isEqualTo("INVALID_REQUEST");
                    assertThat(failure.getOriginalMessage()).contains("did you mean phi-3-mini-128k-instruct");
                });
    }

    @Test
    void anUnknownMachineIsAnsweredWithTheNearestNames() {
        assertThatThrownBy(
                        () -> inTheCloud().make(Requests.tuning("smollm2-135m-instruct", "Standard_NC24ads_A100_v5")))
                .isInstanceOf(PlanException.Unknown.class)
                .hasMessageContaining("Standard_NC24ads_A100_v4");
    }

    @Test
    void anOldGpuWithoutBf16IsUsedInTheFormatItCanDoAndItsAgeIsSaid() {
        WorkspacePlan plan = inTheCloud().make(Requests.tuning("smollm2-135m-instruct", "Standard_NC6s_v3"));

        assertThat(plan.computeType()).isEqualTo(ComputeType.FP16);
        assertThat(plan.notes())
                .anyMatch(note -> note.contains("has no native BF16, so FP16 is used"))
                .anyMatch(note -> note.contains("was retired by its cloud on 2025-09-30"));
    }

    @Test
    void machinesThatAreTooSmallAreLeftOutAndTheOthersKeepTheirOrder() {
        WorkspacePlan plan = inTheCloud()
                .make(Requests.tuning(
                        "phi-4", "Standard_NC4as_T4_v3", "Standard_NC40ads_H100_v5", "Standard_NC24ads_A100_v4"));

        assertThat(plan.machines())
                .extracting(MachineOption::instanceType)
                .containsExactly("Standard_NC40ads_H100_v5", "Standard_NC24ads_A100_v4");
        assertThat(plan.notes()).anyMatch(note -> note.startsWith("Standard_NC4as_T4_v3 has 16 GiB on a device"));
    }

    @Test
    void autoIsTheCheapestThatFitsAndCanStillBeHad() {
        WorkspacePlan plan = inTheCloud().make(Requests.tuning("smollm2-135m-instruct", "auto"));

        assertThat(plan.machines().getFirst().instanceType()).isEqualTo("Standard_NC4as_T4_v3");
        assertThat(plan.machines()).extracting(MachineOption::instanceType).doesNotContain("Standard_NC6s_v3");
        assertThat(plan.notes()).anyMatch(note -> note.contains("cheapest first, by price: those of azure"));
    }

    @Test
    void noMachineMeansOwnNodes() {
        WorkspacePlan plan = inTheCloud().make(Requests.tuning("smollm2-135m-instruct"));

        assertThat(plan.machines()).extracting(MachineOption::instanceType).containsExactly("own");
        assertThat(plan.machines().getFirst().gpuMemory())
                .as("what a device must have")
                .isEqualTo(plan.trainingMemory());
        assertThat(plan.expected()).isEmpty();
        assertThat(plan.computeType()).isEqualTo(ComputeType.BF16);
    }

    @Test
    void ownNodesArePlannedForAsWhatTheyAre() {
        WorkspacePlan plan = onNodes(node("n8", 8, "NVIDIA-A100-SXM4-80GB"), node("t4", 4, "Tesla-T4"))
                .make(Requests.tuning("smollm2-135m-instruct"));

        assertThat(plan.expected()).hasValueSatisfying(found -> {
            assertThat(found.gpus()).isEqualTo(8);
            assertThat(found.gpuMemory()).isEqualTo(ByteSize.ofGibibytes(640));
            assertThat(found.speed()).isPresent();
        });
        assertThat(plan.machines().getFirst().needed().capability()).isPresent();
        assertThat(plan.computeType()).isEqualTo(ComputeType.BF16);
        assertThat(plan.notes())
                .anyMatch(note -> note.contains("counted as 8 GPUs"))
                .anyMatch(note -> note.contains("The job computes on one of the 8 GPUs of a node."))
                .anyMatch(note -> note.contains("t4 has Tesla-T4 of compute capability 7.5"));
    }

    @Test
    void ownNodesThatHaveNoBf16AreUsedInTheFormatTheyCanDo() {
        WorkspacePlan plan = onNodes(node("t4", 4, "Tesla-T4")).make(Requests.tuning("smollm2-135m-instruct"));

        assertThat(plan.computeType()).isEqualTo(ComputeType.FP16);
        assertThat(plan.notes()).anyMatch(note -> note.contains("have no native BF16, so FP16 is used"));
    }

    @Test
    void ownNodesThatAreTooSmallAreSaidToBe() {
        WorkspacePlan plan = onNodes(node("t4", 4, "Tesla-T4")).make(Requests.tuning("phi-4"));

        assertThat(plan.expected()).isEmpty();
        assertThat(plan.notes()).anyMatch(note -> note.contains("t4 has 16 GiB on Tesla-T4 and the job needs"));
    }

    private static PlanActivitiesImpl onNodes(NodeFacts... nodes) {
        OwnNodes own = NodeProspect.of(List.of(nodes), GpuCatalogue.load());
        return new PlanActivitiesImpl(
                PresetCatalogue.load(), new CatalogueMachines(GpuCatalogue.load(), "azure", List.of(), own, IN_2026));
    }

    private static NodeFacts node(String name, int devices, String product) {
        return NodeFacts.of(NodeSamples.node(name, devices, Map.of("nvidia.com/gpu.product", product)));
    }

    @Test
    void zonesAreAskedOneAfterTheOtherAndSpotFirst() {
        WorkspaceRequest request =
                Requests.spot(Requests.tuning("phi-4", "Standard_NC40ads_H100_v5", "Standard_NC24ads_A100_v4"));

        assertThat(inTheCloud("1", "2").make(request).machines())
                .extracting(option ->
                        (option.spot() ? "spot " : "") + option.instanceType().substring(9) + " in "
                                + option.zone().orElse("any"))
                .containsExactly(
                        "spot NC40ads_H100_v5 in 1",
                        "spot NC40ads_H100_v5 in 2",
                        "spot NC24ads_A100_v4 in 1",
                        "spot NC24ads_A100_v4 in 2",
                        "NC40ads_H100_v5 in 1",
                        "NC40ads_H100_v5 in 2",
                        "NC24ads_A100_v4 in 1",
                        "NC24ads_A100_v4 in 2");
    }

    @Test
    void autoGoesByThePriceAsSpotThenByThePriceOnDemandAndSaysWhatIsCountedTooHigh() {
        GpuCatalogue own = GpuCatalogue.load().with(MachineFile.parse("own.yaml", """
                skus:
                  - {name: Standard_NC40ads_H100_v5, price: {hourlyUsd: 7, spotHourlyUsd: 0.5, asOf: 2026-11-01}}
                """));
        WorkspacePlan plan = new PlanActivitiesImpl(
                        PresetCatalogue.load(),
                        new CatalogueMachines(own, "azure", List.of(), OwnNodes.UNKNOWN, IN_2026))
                .make(Requests.spot(Requests.tuning("phi-4", "auto")));

        assertThat(plan.machines().getFirst().instanceType()).isEqualTo("Standard_NC40ads_H100_v5");
        assertThat(plan.machines().getFirst().hourlyUsd()).contains(new BigDecimal("0.5"));
        assertThat(plan.machines().stream().filter(option -> !option.spot()).findFirst())
                .map(MachineOption::instanceType)
                .contains(inTheCloud()
                        .make(Requests.tuning("phi-4", "auto"))
                        .machines()
                        .getFirst()
                        .instanceType());
        assertThat(plan.notes())
                .anyMatch(note -> note.matches(
                        ".*price on demand, which is higher, is counted for [^:]*Standard_NC24ads_A100_v4[^:]*:.*"))
                .noneMatch(note -> note.contains("NC40ads_H100_v5"));
    }

    @Test
    void servingAloneNeedsNoMemoryForTraining() {
        WorkspacePlan plan = here(8).make(Requests.serving());

        assertThat(plan.trainingMemory()).isEqualTo(ByteSize.ofBytes(0));
        assertThat(plan.servingMemory()).isGreaterThan(ByteSize.ofMebibytes(256));
    }
}
