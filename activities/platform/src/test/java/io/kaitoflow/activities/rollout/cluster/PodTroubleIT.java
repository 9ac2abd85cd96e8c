package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.TunerEnd;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is told of pods that do not come up or do not go, and what is done about it, on a real API server. */
@ExtendWith(WithApiServer.class)
class PodTroubleIT {

    private final Stage stage;

    PodTroubleIT(ApiServer server) {
        this.stage = Stage.on(server);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private Rollout rollout() {
        return Stage.rollout(stage.client(), Stage.BRISK);
    }

    private Rollout patient() {
        return Stage.rollout(stage.client(), Stage.PATIENT);
    }

    /** The fate of pods that serve this adapter, while all others are well. */
    private static Function<Pod, Optional<PodStatus>> of(String adapter, Function<Pod, PodStatus> fate) {
        return pod -> Optional.of(
                pod.getMetadata()
                                .getAnnotations()
                                .getOrDefault(ServerManifest.SERVED, "")
                                .contains("\"" + adapter + "\"")
                        ? fate.apply(pod)
                        : Fates.ready(pod));
    }

    private static FailureKind kind(Throwable thrown) {
        return ((Classified) thrown).kind();
    }

    @Test
    void aCrashingServerIsToldWithItsExitCodeAndLastWords() {
        stage.cluster().fate(Fates.always(Fates::crashing));

        assertThatThrownBy(() -> rollout().roll(stage.serving(), () -> {}))
                .isInstanceOf(RolloutException.NotReady.class)
                .hasMessageContaining("ended with exit code 3, 4 times")
                .hasMessageContaining("Reading the model | The adapter does not fit the model");
    }

    @Test
    void aServerThatTheKernelEndsNeedsALargerMachine() {
        stage.cluster().fate(Fates.always(Fates::outOfMemory));

        assertThatThrownBy(() -> rollout().roll(stage.serving(), () -> {}))
                .hasMessageContaining("OOMKilled")
                .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(FailureKind.MEMORY_TOO_SMALL));
    }

    @Test
    void anImageThatStaysAwayIsNamedWithTheAnswer() {
        stage.cluster().fate(Fates.always(Fates::withoutImage));

        assertThatThrownBy(() -> rollout().roll(stage.serving(), () -> {}))
                .hasMessageContaining("registry.example/kaitoflow-runtime:1")
                .hasMessageContaining("ImagePullBackOff")
                .hasMessageContaining("401 Unauthorized")
                .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(FailureKind.IMAGE_UNAVAILABLE));
    }

    @Test
    void whatIsBorneIsToldMeanwhile() {
        stage.cluster().fate(Fates.always(Fates::withoutImage));
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();

        assertThatThrownBy(() -> rollout().startTuner(stage.attempt(1), told::add))
                .hasMessageContaining("401 Unauthorized");

        assertThat(told).anyMatch(text -> text.contains("ImagePullBackOff, Back-off pulling image: 401 Unauthorized"));
    }

    @Test
    void anImageThatComesLateIsWaitedFor() {
        stage.cluster().fate(Fates.always(Fates::withoutImage));
        AtomicInteger looks = new AtomicInteger();

        Endpoint endpoint = patient().roll(stage.serving(), () -> {
            if (looks.incrementAndGet() == 20) {
                stage.cluster().fate(Fates.allWell());
            }
        });

        assertThat(endpoint.model()).isEqualTo("tiny");
        assertThat(looks.get()).isGreaterThanOrEqualTo(20);
    }

    @Test
    void aPodWithoutRoomIsToldInTheSchedulersWords() {
        stage.cluster().fate(Fates.always(Fates::unplaced));

        assertThatThrownBy(() -> rollout().startTuner(stage.attempt(1)))
                .hasMessageContaining("Insufficient memory")
                .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(FailureKind.POD_NOT_PLACED));
    }

    @Test
    void aTunerIsNotWaitedForWhoseMachineWentBeforeItWasPlaced() {
        stage.cluster().fate(pod -> Optional.empty());

        assertThatThrownBy(() -> patient().startTuner(new TunerInput(stage.id(), Stage.lease("node-that-went"), 1)))
                .hasMessageContaining("Node node-that-went went before the tuner was placed there.")
                .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(FailureKind.POD_NOT_PLACED));
    }

    @Test
    void aTunerThatEndsAtOnceIsToldWithItsLastWords() {
        stage.cluster().fate(Fates.always(Fates::failed));

        assertThatThrownBy(() -> rollout().startTuner(stage.attempt(1)))
                .isInstanceOf(RolloutException.NotStarted.class)
                .hasMessageContaining("w-tuner-1")
                .hasMessageContaining("No Temporal server answers");
    }

    @Test
    void howATunerEndedIsKnownFromItsPod() {
        rollout().startTuner(stage.attempt(1));
        assertThat(rollout().tunerEnd(stage.id())).isEqualTo(TunerEnd.unknown());

        stage.cluster().fate(Fates.always(Fates::outOfMemory));

        await().atMost(Duration.ofMinutes(1))
                .until(() -> rollout().tunerEnd(stage.id()).outOfMemory());
        assertThat(rollout().tunerEnd(stage.id()).evidence()).contains("w-tuner-1", "OOMKilled");
        assertThat(rollout().tunerEnd(stage.id()).gone()).isTrue();
    }

    @Test
    void aTunerWhosePodIsDeletedIsGone() {
        rollout().startTuner(stage.attempt(1));

        rollout().stopTuner(stage.id());

        assertThat(rollout().tunerEnd(stage.id())).isEqualTo(TunerEnd.vanished("The tuner's pod is gone."));
    }

    @Test
    void aPodThatTheApiServerForbidsIsToldInItsWords() {
        stage.client()
                .serviceAccounts()
                .inNamespace(stage.id().namespace())
                .withName("default")
                .delete();

        assertThatThrownBy(() -> rollout().startTuner(stage.attempt(1)))
                .hasMessageContaining("403")
                .hasMessageContaining("service account")
                .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(FailureKind.CLUSTER_REFUSED));
    }

    @Test
    void whatDoesNotGoIsNamedAndIsNotTakenForGone() {
        rollout().startTuner(stage.attempt(1));
        stage.cluster().terminates(false);
        stage.nodeAnswers(true);
        try {
            assertThatThrownBy(() -> rollout(Stage.SHORT).stopTuner(stage.id()))
                    .isInstanceOf(RolloutException.NotStopped.class)
                    .hasMessageContaining("Pod w-tuner-1, deleted since");
        } finally {
            stage.nodeAnswers(false);
        }

        stage.cluster().terminates(true);
        rollout().stopTuner(stage.id());
        assertThat(stage.uid("tuner")).isEmpty();
    }

    @Test
    void aServersPodOnANodeThatIsGoneIsNotWaitedForForEver() {
        rollout().roll(stage.serving(Stage.adapter("good")), () -> {});
        stage.cluster().terminates(false);

        rollout(Duration.ofSeconds(4)).retire(stage.id());

        assertThat(stage.uid("server")).isEmpty();
    }

    @Test
    void aTunersPodOnANodeThatIsGoneIsNotWaitedForForEver() {
        rollout().startTuner(stage.attempt(1));
        stage.cluster().terminates(false);

        rollout(Duration.ofSeconds(4)).stopTuner(stage.id());

        assertThat(stage.uid("tuner")).isEmpty();
    }

    private Rollout rollout(Duration gone) {
        return Stage.rollout(
                stage.client(), new Patience(Stage.SHORT, Stage.LONG, Stage.SHORT, Stage.SHORT, 3, gone, Stage.SHORT));
    }

    @Test
    void aServerThatDoesNotComeUpIsTakenBackAndSaidSo() {
        rollout().roll(stage.serving(Stage.adapter("good")), () -> {});
        stage.cluster().fate(of("bad", Fates::crashing));

        Endpoint endpoint = rollout().roll(stage.serving(Stage.adapter("bad")), () -> {});

        assertThat(endpoint.model()).isEqualTo("good");
        assertThat(endpoint.remark().orElseThrow())
                .contains("The adapter does not fit the model", "serves again: good (sha256:0000");
        assertThat(stage.pod("server")
                        .orElseThrow()
                        .getMetadata()
                        .getAnnotations()
                        .get(ServerManifest.SERVED))
                .contains("\"good\"");
    }

    @Test
    void whatServedBeforeATuningIsRememberedBeyondIt() {
        rollout().roll(stage.serving(Stage.adapter("good")), () -> {});
        rollout().retire(stage.id());
        stage.cluster().fate(of("bad", Fates::withoutImage));

        assertThat(rollout().roll(stage.serving(Stage.adapter("bad")), () -> {}).model())
                .isEqualTo("good");
    }

    @Test
    void anEndedWaitTakesNothingBack() {
        rollout().roll(stage.serving(Stage.adapter("good")), () -> {});
        stage.cluster().fate(of("next", Fates::starting));
        Thread waiter = Thread.currentThread();

        assertThatThrownBy(() -> rollout().roll(stage.serving(Stage.adapter("next")), waiter::interrupt))
                .hasMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(stage.client()
                        .apps()
                        .deployments()
                        .inNamespace(stage.id().namespace())
                        .withName("w")
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getAnnotations()
                        .get(ServerManifest.SERVED))
                .contains("\"next\"");
    }
}
