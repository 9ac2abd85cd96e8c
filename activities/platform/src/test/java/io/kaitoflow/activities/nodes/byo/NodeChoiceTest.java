package io.kaitoflow.activities.nodes.byo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.activities.preflight.OwnNodes.Prospect;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.ComputeCapability;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.OwnNeed;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which nodes are chosen, by what their labels and their status say. */
class NodeChoiceTest {

    private static final GpuCatalogue CATALOGUE = GpuCatalogue.load();
    private static final String A100 = "NVIDIA-A100-SXM4-80GB";
    private static final String T4 = "Tesla-T4";

    @Test
    void memoryThatNoLabelNamesIsKnownOfTheProduct() {
        NodeSet set = chosen(one(ByteSize.ofGibibytes(60)), node("n", 8, A100)).orElseThrow();

        assertThat(set.found(one(ByteSize.ofBytes(0))).gpuMemory()).isEqualTo(ByteSize.ofGibibytes(640));
        assertThat(set.counted())
                .isEqualTo("n has 8 x NVIDIA-A100-SXM4-80GB, 80 GiB each by the catalogue; counted as 8 GPUs.");
        assertThat(chosen(one(ByteSize.ofGibibytes(81)), node("n", 8, A100))).isEmpty();
    }

    @Test
    void memoryThatNobodyKnowsIsTakenAndSaid() {
        NodeSet set =
                chosen(one(ByteSize.ofGibibytes(60)), node("n", 2, "Mystery")).orElseThrow();

        assertThat(set.found(one(ByteSize.ofBytes(0))).gpuMemory()).isEqualTo(ByteSize.ofBytes(0));
        assertThat(set.counted()).contains("of unknown memory, for the label nvidia.com/gpu.memory is missing");
    }

    @Test
    void aJobThatSpreadsIsHeldByAllDevicesTogether() {
        MachineOption spread =
                MachineOption.own(ByteSize.ofGibibytes(300), new OwnNeed(true, Optional.empty(), OptionalInt.empty()));

        assertThat(chosen(spread, node("n2", 2, A100), node("n4", 4, A100)))
                .hasValueSatisfying(set -> assertThat(set.names()).containsExactly("n4"));
        assertThat(choice(spread, node("n2", 2, A100)).reason())
                .contains("n2 has 160 GiB on all its devices", "the job needs 300 GiB");
    }

    @Test
    void aDeviceThatIsTooOldForThePlansFormatIsNotTaken() {
        MachineOption bf16 = MachineOption.own(
                ByteSize.ofGibibytes(4),
                new OwnNeed(false, Optional.of(new ComputeCapability(8, 0)), OptionalInt.empty()));
        NodeFacts old = with(node("old", 1, "Unnamed"), "nvidia.com/gpu.compute.major", "7");

        assertThat(choice(bf16, node("t4", 1, T4), old).reason())
                .contains("t4 has Tesla-T4 of compute capability 7.5 and the plan's number format needs 8.0")
                .contains("old has Unnamed of compute capability 7.0");
        assertThat(chosen(bf16, node("t4", 1, T4), node("a100", 8, A100)))
                .hasValueSatisfying(set -> assertThat(set.names()).containsExactly("a100"));
    }

    @Test
    void devicesThatSeveralPodsShareAreCountedOnce() {
        NodeFacts shared = with(node("n", 16, A100), "nvidia.com/gpu.count", "4");
        NodeFacts sick = with(node("n", 3, A100), "nvidia.com/gpu.count", "4");

        assertThat(shared.devices()).isEqualTo(4);
        assertThat(sick.devices()).isEqualTo(3);
    }

    @Test
    void nothingButTheAdmittedNumberOfDevicesIsTaken() {
        MachineOption four = one(ByteSize.ofGibibytes(4)).exactly(4);

        assertThat(chosen(four, node("n1", 1, A100), node("n4", 4, A100), node("n8", 8, A100)))
                .hasValueSatisfying(set -> assertThat(set.names()).containsExactly("n4"));
        assertThat(choice(four, node("n8", 8, A100)).reason()).contains("n8 has 8 GPUs, and 4 are admitted");
    }

    @Test
    void aProspectSaysWhatIsCountedAndWhyOthersAreNotTaken() {
        Prospect prospect = NodeProspect.of(
                        List.of(node("n1", 1, A100), node("n4", 4, A100), node("tiny", 4, T4)), CATALOGUE)
                .look(request(one(ByteSize.ofGibibytes(20)), "n4"));

        assertThat(prospect.expected())
                .hasValueSatisfying(found -> assertThat(found.gpus()).isEqualTo(4));
        assertThat(prospect.notes())
                .containsExactly(
                        "Own nodes are used, each of them whole: n4 has 4 x NVIDIA-A100-SXM4-80GB, 80 GiB each by the"
                                + " catalogue; counted as 4 GPUs.",
                        "The job computes on one of the 4 GPUs of a node.",
                        "Others are not taken: n1 has 1 GPU where the set has 4 each; tiny has 16 GiB on Tesla-T4 and the"
                                + " job needs 20 GiB.");
    }

    @Test
    void aProspectOfReservedNodesIsWhatIsWaitedFor() {
        NodeProspect reserved = new NodeProspect(
                labels -> List.of(node("n8", 8, A100)), demand -> Map.of("n8", "default/other"), CATALOGUE);

        Prospect prospect = reserved.look(request(one(ByteSize.ofGibibytes(20))));

        assertThat(prospect.expected())
                .hasValueSatisfying(found -> assertThat(found.gpus()).isEqualTo(8));
        assertThat(prospect.notes().getLast()).contains("n8 is reserved by workspace default/other");
    }

    private static Optional<NodeSet> chosen(MachineOption wanted, NodeFacts... nodes) {
        return choice(wanted, nodes).set();
    }

    private static NodeChoice choice(MachineOption wanted, NodeFacts... nodes) {
        List<OwnNode> all =
                List.of(nodes).stream().map(node -> OwnNode.of(node, CATALOGUE)).toList();
        return new NodeChoice(request(wanted), all, Map.of());
    }

    private static NodeRequest request(MachineOption wanted, String... preferred) {
        return new NodeRequest(
                new WorkspaceId("default", "w", "0a"),
                wanted,
                new MachineRequest(List.of(), 1, Map.of(), List.of(preferred), false),
                1);
    }

    private static MachineOption one(ByteSize memory) {
        return MachineOption.own(memory, OwnNeed.any());
    }

    private static NodeFacts node(String name, int devices, String product) {
        return NodeFacts.of(NodeSamples.node(name, devices, Map.of("nvidia.com/gpu.product", product)));
    }

    private static NodeFacts with(NodeFacts node, String label, String value) {
        Map<String, String> labels = new TreeMap<>(node.labels());
        labels.put(label, value);
        return NodeFacts.of(NodeSamples.node(node.name(), node.devices(), labels));
    }
}
