package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import io.kaitoflow.workflows.parking.Berth;
import io.kaitoflow.workflows.parking.ParkedAdapter;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The place of a result that cannot be pushed, on a real API server that lets only restricted pods in; disks and kubelet are played. */
@ExtendWith(WithApiServer.class)
class ParkingPodsIT {

    private static final Digest FIRST = Digest.ofText("first");
    private static final Digest SECOND = Digest.ofText("second");

    private final Stage stage;

    ParkingPodsIT(ApiServer server) {
        this.stage = Stage.on(server);
    }

    @BeforeEach
    void run() {
        fate(Fates::reachable);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void fate(Function<Pod, PodStatus> fate) {
        stage.cluster().fate(Fates.always(fate));
    }

    private ParkingPods parking(Patience patience) {
        ClusterSettings usual = Stage.settings();
        return new ParkingPods(
                stage.client(), new ClusterSettings(usual.images(), usual.pods(), usual.installation(), patience));
    }

    private Berth prepare(Digest weights) {
        return prepare(weights, Stage.BRISK);
    }

    private Berth prepare(Digest weights, Patience patience) {
        OutputTarget image =
                new OutputTarget.Image(ImageReference.parse("registry.example/adapters/w:1"), Optional.empty());
        return parking(patience).prepare(input(weights, image), evidence -> {});
    }

    private ParkingActivities.Input input(Digest weights, OutputTarget target) {
        AdapterArtifact adapter = new AdapterArtifact("/runs/1/adapter", weights, 72, 0.5, 9_000, 0);
        return new ParkingActivities.Input(stage.id(), adapter, target);
    }

    private String claimName() {
        return "w-parked-" + stage.id().uid().substring(0, 8);
    }

    private Optional<PersistentVolumeClaim> claim() {
        return Optional.ofNullable(stage.client()
                .persistentVolumeClaims()
                .inNamespace(stage.id().namespace())
                .withName(claimName())
                .get());
    }

    private Optional<String> claimUid() {
        return claim().map(claim -> claim.getMetadata().getUid());
    }

    @Test
    void aPlaceIsAClaimThatGoesWithItsWorkspaceAndAPodThatTakesTheResultThere() {
        Berth berth = prepare(FIRST);

        assertThat(berth.place()).isEqualTo("PersistentVolumeClaim " + claimName());
        assertThat(berth.path()).isEqualTo("/mnt/parked/" + FIRST.hex());
        assertThat(berth.address()).contains("http://10.1.2.3:5000");
        PersistentVolumeClaim claim = claim().orElseThrow();
        assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
        assertThat(claim.getMetadata().getOwnerReferences())
                .extracting(owner -> owner.getUid())
                .containsExactly(stage.id().uid());
    }

    @Test
    void whoDidNotHearTheAnswerAsksAgainAndNothingIsMadeTwice() {
        prepare(FIRST);
        Optional<String> claim = claimUid();
        Optional<String> keeper = stage.uid("keeper");

        prepare(FIRST);

        assertThat(claimUid()).isPresent().isEqualTo(claim);
        assertThat(stage.uid("keeper")).isPresent().isEqualTo(keeper);
    }

    @Test
    void anotherResultHasAPodOfItsOwnAndTheSameClaim() {
        prepare(FIRST);
        Optional<String> claim = claimUid();
        Optional<String> keeper = stage.uid("keeper");

        prepare(SECOND);

        assertThat(claimUid()).isEqualTo(claim);
        assertThat(stage.uid("keeper")).isPresent().isNotEqualTo(keeper);
    }

    @Test
    void aPodThatEndedIsMadeAgainWhenAskedAgain() {
        fate(Fates::failed);
        assertThatThrownBy(() -> prepare(FIRST))
                .isInstanceOf(RolloutException.NotStarted.class)
                .hasMessageContaining("ended");
        fate(Fates::reachable);

        assertThat(prepare(FIRST).address()).isPresent();
    }

    @Test
    void aClosedPlaceKeepsItsClaimAlone() {
        prepare(FIRST);

        parking(Stage.BRISK).close(stage.id());

        assertThat(stage.pod("keeper")).isEmpty();
        assertThat(claim()).isPresent();
    }

    @Test
    void aDiscardedPlaceIsGoneAndMayBeMadeAgain() {
        prepare(FIRST);
        Optional<String> claim = claimUid();

        parking(Stage.BRISK).discard(stage.id());
        assertThat(stage.pod("keeper")).isEmpty();
        assertThat(claim()).isEmpty();

        parking(Stage.BRISK).discard(stage.id());
        prepare(FIRST);
        assertThat(claimUid()).isPresent().isNotEqualTo(claim);
    }

    @Test
    void whatLiesThereIsWrittenOnTheClaimForARunThatRemembersNothing() {
        ParkedAdapter kept = new ParkedAdapter(
                new AdapterArtifact("/mnt/parked/1", FIRST, 72, 0.5, 9_000, 0), "PersistentVolumeClaim p", "retry");
        Receipt receipt = new Receipt(stage.id(), StepKey.of("00ff"), Evaluation.skipped(), kept);
        assertThat(parking(Stage.BRISK).find(stage.id())).isEmpty();
        prepare(FIRST);
        assertThat(parking(Stage.BRISK).find(stage.id())).isEmpty();

        parking(Stage.BRISK).remember(receipt);
        prepare(FIRST);
        parking(Stage.BRISK).close(stage.id());

        assertThat(parking(Stage.BRISK).find(stage.id())).contains(receipt);
        assertThat(parking(Stage.BRISK).stands(receipt)).isTrue();
        parking(Stage.BRISK).discard(stage.id());
        assertThat(parking(Stage.BRISK).stands(receipt)).isFalse();
    }

    @Test
    void aClaimThatIsGoingIsWaitedForAndMadeAnew() {
        prepare(FIRST);
        Optional<String> before = claimUid();
        parking(Stage.BRISK).close(stage.id());
        stage.cluster().terminates(false);
        stage.client().resource(claim().orElseThrow()).delete();

        CompletableFuture<Berth> next = CompletableFuture.supplyAsync(() -> prepare(SECOND));
        stage.cluster().terminates(true);

        assertThat(next.join().address()).isPresent();
        assertThat(claimUid()).isPresent().isNotEqualTo(before);
    }

    @Test
    void aVolumeThatNobodyProvidesIsSaidInTheSchedulersWords() {
        fate(Fates::unplaced);

        assertThatThrownBy(() -> prepare(FIRST))
                .isInstanceOf(RolloutException.NotPlaced.class)
                .hasMessageContaining("nodes are available");
    }

    @Test
    void aClaimThatIsSomebodyElsesIsLeftAlone() {
        stage.client()
                .resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(claimName())
                        .withNamespace(stage.id().namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withNewResources()
                        .addToRequests(
                                "storage", Stage.settings().pods().parking().quantity())
                        .endResources()
                        .endSpec()
                        .build())
                .create();

        assertThatThrownBy(() -> prepare(FIRST))
                .isInstanceOf(RolloutException.Refused.class)
                .hasMessageContaining("somebody else's");
        parking(Stage.BRISK).discard(stage.id());

        assertThat(claim()).isPresent();
    }

    @Test
    void whatIsToGoToAFolderOfANodeIsNotKept() {
        OutputTarget folder = new OutputTarget.Volume(new VolumeReference.HostPath("/srv/results"));

        assertThatThrownBy(() -> parking(Stage.BRISK).prepare(input(FIRST, folder), evidence -> {}))
                .isInstanceOf(RolloutException.Unsupported.class)
                .hasMessageContaining("/srv/results");
        assertThat(claim()).isEmpty();
    }

    @Test
    void aReplicaThatDiesWhileItWaitsLeavesWhatTheNextOneUses() throws InterruptedException {
        fate(Fates::starting);
        Thread dying = Thread.ofPlatform()
                .start(() ->
                        assertThatThrownBy(() -> prepare(FIRST, Stage.PATIENT)).isInstanceOf(RolloutException.class));
        await().atMost(Stage.LONG).until(() -> stage.pod("keeper").isPresent());
        dying.interrupt();
        dying.join();
        Optional<String> claim = claimUid();
        Optional<String> keeper = stage.uid("keeper");
        fate(Fates::reachable);

        prepare(FIRST);

        assertThat(claimUid()).isEqualTo(claim);
        assertThat(stage.uid("keeper")).isEqualTo(keeper);
    }
}
