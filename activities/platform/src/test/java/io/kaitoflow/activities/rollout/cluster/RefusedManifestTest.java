package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.access.TunerAccess;
import io.kaitoflow.activities.rollout.cluster.volumes.ModelCache;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.ServingRuntime;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What no manifest is made for, and what is said instead. */
class RefusedManifestTest {

    private static final WorkspaceId ID = new WorkspaceId("models", "w", "uid-1");

    private static NodeLease lease(int gpus, String... nodes) {
        return new NodeLease(
                "ws-1",
                new MachineOption("sku", gpus, ByteSize.ofGibibytes(16), Optional.empty(), false),
                List.of(nodes),
                true);
    }

    @Test
    void aProcessorsImageDoesNotStandInForAGpus() {
        TunerManifest manifest = new TunerManifest(Stage.settings());

        assertThatThrownBy(() -> manifest.pod(new TunerInput(ID, lease(1, "a"), 1)))
                .isInstanceOf(RolloutException.Unsupported.class)
                .hasMessageContaining("KAITOFLOW_RUNTIME_IMAGE_CUDA");
    }

    @Test
    void aMissingImageIsSaidBeforeAMachineIsBought() {
        try (KubernetesClient nobodyAsked = new KubernetesClientBuilder().build()) {
            ClusterRollout rollout = new ClusterRollout(nobodyAsked, Stage.settings(), TunerAccess.open());

            assertThatThrownBy(() -> rollout.check(asked(lease(1, "a"))))
                    .isInstanceOf(RolloutException.Unsupported.class)
                    .hasMessageContaining("with 1 GPUs")
                    .hasMessageContaining(
                            "KAITOFLOW_RUNTIME_IMAGE_CUDA on the control plane (chart: runtime.cudaImage)");
            assertThat(rollout.check(asked(lease(0, "a")))).isEmpty();
        }
    }

    private static PreflightActivities.Input asked(NodeLease lease) {
        RollInput usual = Stage.serving(ID, lease, List.of());
        return new PreflightActivities.Input(
                new WorkspaceRequest(
                        ID,
                        new WorkspaceGoal.Serve(new ModelReference("tiny", Optional.empty()), List.of()),
                        new MachineRequest(List.of("sku"), 1, Map.of(), List.of(), false),
                        Terms.none()),
                new WorkspacePlan(
                        usual.preset(),
                        List.of(lease.option()),
                        usual.memory(),
                        usual.memory(),
                        ComputeType.BF16,
                        List.of()));
    }

    @Test
    void severalMachinesAreRefused() {
        assertThatThrownBy(() -> new ServerManifests(Stage.settings())
                        .deployment(Stage.serving(ID, lease(0, "a", "b"), List.of())))
                .isInstanceOf(RolloutException.Unsupported.class)
                .hasMessageContaining("2 machines");
    }

    @Test
    void aResultThatNoRegistryHasNeedsItsVolume() {
        ServedAdapter kept = new ServedAdapter(
                "w",
                ImageReference.parse("localhost/results/uid-1"),
                Stage.adapter("w").digest().orElseThrow(),
                List.of(),
                1);

        assertThatThrownBy(() -> new ServerManifests(Stage.settings())
                        .deployment(Stage.serving(ID, lease(0, "a"), List.of(kept))))
                .isInstanceOf(RolloutException.Unsupported.class)
                .hasMessageContaining("lies in no registry, and no volume is named");
    }

    @Test
    void anAdapterInAFolderOfTheNodeNeedsTheInstallationsLeave() {
        ServedAdapter inFolder = new ServedAdapter("w", new VolumeReference.HostPath("/srv/adapters"), 1);

        assertThatThrownBy(() -> new ServerManifests(Stage.settings())
                        .deployment(Stage.serving(ID, lease(0, "a"), List.of(inFolder))))
                .isInstanceOf(RolloutException.Refused.class)
                .hasMessageContaining("KAITOFLOW_ALLOW_HOST_PATH");
    }

    private static RollInput byVllm(NodeLease lease) {
        RollInput usual = Stage.serving(ID, lease, List.of());
        return new RollInput(
                usual.id(),
                lease,
                usual.preset(),
                List.of(),
                Optional.empty(),
                usual.memory(),
                usual.limits(),
                new ServingTerms(false, false, Optional.of(ServingRuntime.VLLM)),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void withoutItsImageOrAGpuThereIsNoVllm() {
        ClusterSettings with = ClusterSettings.from(Map.of(
                "KAITOFLOW_RUNTIME_IMAGE", "r.example/runtime:1", "KAITOFLOW_RUNTIME_IMAGE_VLLM", "r.example/vllm:1"));

        assertThatThrownBy(() -> new ServerManifests(Stage.settings()).deployment(byVllm(lease(1, "a"))))
                .isInstanceOf(RolloutException.Unsupported.class)
                .hasMessageContaining("KAITOFLOW_RUNTIME_IMAGE_VLLM");
        assertThatThrownBy(() -> new ServerManifests(with).deployment(byVllm(lease(0, "a"))))
                .isInstanceOf(RolloutException.Unsupported.class)
                .hasMessageContaining("needs a machine with a GPU");
    }

    @Test
    void aLeaseWithoutANodeIsNoPlaceForAPod() {
        assertThatThrownBy(() -> new TunerManifest(Stage.settings()).pod(new TunerInput(ID, lease(0), 1)))
                .isInstanceOf(RolloutException.NotPlaced.class);
    }

    @Test
    void aFolderOfAMachineThatIsNotChosenYetCannotBeLookedAt() {
        ClusterSettings allowing = ClusterSettings.from(
                Map.of("KAITOFLOW_RUNTIME_IMAGE", "r.example/runtime:1", "KAITOFLOW_ALLOW_HOST_PATH", "true"));
        TuningJob job = new TuningJob(
                new ModelReference("tiny", Optional.empty()),
                TuningMethod.QLORA,
                new DatasetSource.Volume(new VolumeReference.HostPath("/data/rows")),
                new OutputTarget.Image(ImageReference.parse("registry.example/adapters/w:1"), Optional.empty()),
                TrainingRecipe.defaults());
        DatasetActivities.Input task = new DatasetActivities.Input(
                ID, Stage.serving(ID, lease(0, "a"), List.of()).preset(), job);

        assertThatThrownBy(() -> new InspectorManifest(allowing).pod(task))
                .isInstanceOf(RolloutException.NotInspected.class)
                .hasMessageContaining("/data/rows can be looked at on its machine alone");
    }

    @Test
    void withoutAnyImageNothingIsLookedAt() {
        assertThatThrownBy(() -> ClusterSettings.from(Map.of()).images().anywhere())
                .isInstanceOf(RolloutException.Unsupported.class)
                .hasMessageContaining("KAITOFLOW_RUNTIME_IMAGE");
    }

    @Test
    void aBadSettingIsNamedWithItsRule() {
        assertThatThrownBy(() -> ClusterSettings.from(Map.of("KAITOFLOW_MODEL_CACHE", "disk")))
                .hasMessage("KAITOFLOW_MODEL_CACHE: \"disk\" must be pod, node:/PATH or claim:NAME.");
        assertThatThrownBy(() -> ClusterSettings.from(Map.of("KAITOFLOW_PARKING_SIZE", "big")))
                .hasMessage("KAITOFLOW_PARKING_SIZE: \"big\" must be a size such as 4Gi.");
        assertThatThrownBy(() -> ClusterSettings.from(Map.of("KAITOFLOW_RUNTIME_PULL_POLICY", "often")))
                .hasMessage("KAITOFLOW_RUNTIME_PULL_POLICY: \"often\" must be one of Always, IfNotPresent, Never.");
        assertThat(ClusterSettings.from(Map.of("KAITOFLOW_MODEL_CACHE", ""))
                        .pods()
                        .cache())
                .isEqualTo(new ModelCache.Pod());
    }
}
