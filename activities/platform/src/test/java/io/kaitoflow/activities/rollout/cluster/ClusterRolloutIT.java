package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutContract;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import io.kaitoflow.testcluster.faults.Fault;
import io.kaitoflow.testcluster.faults.FaultPlan;
import io.kaitoflow.testcluster.faults.FaultyProxy;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The pods' life on a real API server; controllers and kubelet are played. */
@ExtendWith(WithApiServer.class)
class ClusterRolloutIT extends RolloutContract {

    private final Stage stage;

    ClusterRolloutIT(ApiServer server) {
        this.stage = Stage.on(server);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Override
    protected Rollout rollout() {
        return Stage.rollout(stage.client(), Stage.BRISK);
    }

    private Rollout patient() {
        return Stage.rollout(stage.client(), Stage.PATIENT);
    }

    @Override
    protected WorkspaceId id() {
        return stage.id();
    }

    @Override
    protected TunerInput attempt(int number) {
        return stage.attempt(number);
    }

    @Override
    protected RollInput serving(ServedAdapter... adapters) {
        return stage.serving(adapters);
    }

    @Override
    protected RollInput servingAnotherModel() {
        return stage.servingAnotherModel();
    }

    @Override
    protected ServedAdapter adapter(String name) {
        return Stage.adapter(name);
    }

    @Override
    protected Optional<String> tuner() {
        return stage.uid("tuner");
    }

    @Override
    protected Optional<String> server() {
        return stage.uid("server");
    }

    private Service service() {
        return stage.client()
                .services()
                .inNamespace(stage.id().namespace())
                .withName("w")
                .get();
    }

    @Test
    void theServiceHasTheTwoPortsAndFindsThePod() {
        rollout().roll(stage.serving(Stage.adapter("tuned")), () -> {});

        assertThat(service().getSpec().getPorts())
                .extracting(port -> port.getPort() + "->" + port.getTargetPort().getValue())
                .containsExactly("80->5000", "29500->29500");
        assertThat(stage.pod("server").orElseThrow().getMetadata().getLabels())
                .containsAllEntriesOf(service().getSpec().getSelector());
        assertThat(service().getMetadata().getOwnerReferences())
                .extracting(owner -> owner.getUid())
                .containsExactly(stage.id().uid());
    }

    @Test
    void theAddressStaysWhenTheServerIsRetired() {
        rollout().roll(stage.serving(), () -> {});
        String address = service().getSpec().getClusterIP();

        rollout().retire(stage.id());
        rollout().roll(stage.serving(Stage.adapter("tuned")), () -> {});

        assertThat(service().getSpec().getClusterIP()).isEqualTo(address);
    }

    @Test
    void aTunerThatSomebodyDeletesMeanwhileIsMadeAgain() {
        stage.cluster().fate(Fates.always(Fates::starting));
        CompletableFuture<String> started = CompletableFuture.supplyAsync(
                () -> patient().startTuner(stage.attempt(1)).name());
        await().atMost(Stage.LONG).until(() -> stage.pod("tuner").isPresent());
        String first = stage.uid("tuner").orElseThrow();

        stage.client().resource(stage.pod("tuner").orElseThrow()).delete();
        await().atMost(Stage.LONG)
                .until(() ->
                        stage.uid("tuner").filter(uid -> !uid.equals(first)).isPresent());
        stage.cluster().fate(Fates.allWell());

        assertThat(started.join()).isEqualTo("pod w-tuner-1");
    }

    @Test
    void aDeploymentThatSomebodyDeletesMeanwhileIsMadeAgain() {
        stage.cluster().fate(Fates.always(Fates::starting));
        AtomicBoolean deleted = new AtomicBoolean();

        Endpoint endpoint = patient().roll(stage.serving(), () -> {
            if (deleted.compareAndSet(false, true)) {
                stage.client()
                        .apps()
                        .deployments()
                        .inNamespace(stage.id().namespace())
                        .withName("w")
                        .delete();
                stage.cluster().fate(Fates.allWell());
            }
        });

        assertThat(endpoint.model()).isEqualTo("tiny");
        assertThat(stage.client()
                        .apps()
                        .deployments()
                        .inNamespace(stage.id().namespace())
                        .list()
                        .getItems())
                .hasSize(1);
    }

    @Test
    void whatANamesakeLeftIsReplaced() {
        WorkspaceId before = new WorkspaceId(stage.id().namespace(), stage.id().name(), "earlier");
        Rollout rollout = rollout();
        rollout.roll(stage.servingAs(before), () -> {});
        rollout.startTuner(new TunerInput(before, Stage.lease(), 1));
        rollout.retire(before);

        rollout.roll(stage.serving(), () -> {});
        rollout.startTuner(stage.attempt(1));

        assertThat(stage.pod("tuner").orElseThrow().getMetadata().getLabels())
                .containsEntry("kaito.sh/workspace-uid", stage.id().uid());
    }

    @Test
    void aStrangersDeploymentIsLeftAlone() {
        Deployment strange = new DeploymentBuilder(
                        new ServerManifests(ClusterSettings.from(Map.of("KAITOFLOW_RUNTIME_IMAGE", "x")))
                                .deployment(stage.serving()))
                .editMetadata()
                .withLabels(Map.of())
                .endMetadata()
                .build();
        stage.client().resource(strange).create();

        assertThatThrownBy(() -> rollout().roll(stage.serving(), () -> {})).hasMessageContaining("somebody else's");
    }

    @Test
    void anAnswerThatIsLostAtAnyPointDoesNoHarm() {
        try (FaultyProxy proxy = FaultyProxy.before(stage.server());
                KubernetesClient through = new KubernetesClientBuilder()
                        .withConfig(proxy.clientConfig())
                        .build()) {
            Rollout rollout = Stage.rollout(through, Stage.PATIENT);
            int lost = 0;
            for (int point = 0; lost == point; point++) {
                proxy.follow(onlyAt(point));
                untilDone(() -> rollout.startTuner(stage.attempt(1)));
                untilDone(() -> rollout.stopTuner(stage.id()));
                untilDone(() -> rollout.roll(stage.serving(Stage.adapter("tuned")), () -> {}));
                assertThat(stage.uid("server")).isPresent();
                untilDone(() -> rollout.roll(stage.serving(Stage.adapter("other")), () -> {}));
                assertServed("other");
                untilDone(() -> rollout.retire(stage.id()));
                assertThat(stage.cluster().pods()).isEmpty();
                lost = proxy.struck(Fault.ANSWER_LOST);
            }

            assertThat(lost).isGreaterThan(5);
        }
    }

    /** In the pod that runs, and in whatever a successor of it would be made from. */
    private void assertServed(String adapter) {
        String name = "\"name\":\"" + adapter + "\"";
        assertThat(ServerManifest.served(stage.pod("server").orElseThrow().getMetadata()))
                .contains(name);
        assertThat(deployment().getSpec().getPaused()).isNull();
        assertThat(ServerManifest.served(deployment())).contains(name);
        assertThat(stage.client()
                        .apps()
                        .replicaSets()
                        .inNamespace(stage.id().namespace())
                        .list()
                        .getItems())
                .singleElement()
                .satisfies(set -> assertThat(ServerManifest.served(set.getSpec().getTemplate()))
                        .contains(name));
    }

    private Deployment deployment() {
        return stage.client()
                .apps()
                .deployments()
                .inNamespace(stage.id().namespace())
                .withName("w")
                .get();
    }

    @Test
    void otherAdaptersReachThePodAndWhateverItsSuccessorIsMadeFrom() {
        rollout().roll(stage.serving(Stage.adapter("tuned")), () -> {});

        rollout().roll(stage.serving(Stage.adapter("other")), () -> {});

        assertServed("other");
    }

    private static ServedAdapter inClaim(String name, String claim) {
        return new ServedAdapter(name, new VolumeReference.Claim(claim), 1);
    }

    @Test
    void anotherAdapterOfTheSameVolumeKeepsTheServerAndAnotherVolumeDoesNot() {
        rollout().roll(stage.serving(inClaim("law", "adapters")), () -> {});
        Optional<String> first = server();

        rollout().roll(stage.serving(Stage.adapter("tuned"), inClaim("sea", "adapters")), () -> {});
        assertThat(server()).isPresent().isEqualTo(first);

        rollout().roll(stage.serving(inClaim("sea", "adapters"), inClaim("law", "others")), () -> {});
        assertThat(server()).isPresent().isNotEqualTo(first);
        assertThat(stage.pod("server").orElseThrow().getSpec().getVolumes())
                .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                .extracting(volume -> volume.getPersistentVolumeClaim().getClaimName())
                .containsExactlyInAnyOrder("adapters", "others");
    }

    @Test
    void aServerThatDoesNotSayWhatItServesIsReplaced() {
        rollout().roll(stage.serving(Stage.adapter("tuned")), () -> {});
        Optional<String> first = server();
        Patience hasty =
                new Patience(Duration.ofMillis(20), Stage.LONG, Stage.LONG, Stage.LONG, 3, Stage.LONG, Stage.SHORT);

        Stage.rollout(stage.client(), hasty, pod -> Optional.empty())
                .roll(stage.serving(Stage.adapter("other")), () -> {});

        assertThat(server()).isPresent().isNotEqualTo(first);
        assertServed("other");
    }

    @Test
    void aChangeThatStoppedHalfwayIsFinished() {
        rollout().roll(stage.serving(Stage.adapter("tuned")), () -> {});
        Optional<String> first = server();
        stage.client()
                .resource(new DeploymentBuilder(
                                new ServerManifests(Stage.settings()).deployment(stage.serving(Stage.adapter("other"))))
                        .editSpec()
                        .withPaused(true)
                        .endSpec()
                        .build())
                .fieldManager("kaitoflow")
                .forceConflicts()
                .serverSideApply();

        rollout().roll(stage.serving(Stage.adapter("other")), () -> {});

        assertThat(server()).isEqualTo(first);
        assertServed("other");
    }

    private static FaultPlan onlyAt(int point) {
        AtomicInteger opportunities = new AtomicInteger();
        return fault -> fault == Fault.ANSWER_LOST && opportunities.getAndIncrement() == point;
    }

    /** As the retry policy does. */
    private static void untilDone(Runnable step) {
        try {
            step.run();
        } catch (RolloutException.Unanswered lost) {
            step.run();
        }
    }
}
