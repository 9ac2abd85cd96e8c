package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of pods that look at data, on a real API server that lets only restricted pods in; scheduler and kubelet are played. */
@ExtendWith(WithApiServer.class)
class InspectorPodsIT {

    private static final InspectionAnswer GOOD = new InspectionAnswer(
            Optional.of(
                    new DatasetReport(112, 8, 9_000, 4_000, 120, 0, 1, true, List.of("rows.jsonl row 7: 120 tokens"))),
            List.of());
    private static final InspectionAnswer BAD = new InspectionAnswer(
            Optional.empty(),
            List.of(new Finding(
                    Finding.Severity.REFUSAL,
                    FailureKind.DATASET_INVALID,
                    "tuning.input",
                    "rows.jsonl row 3: the role \"robot\" is none of system, user and assistant.")));

    private final Stage stage;

    /** Uids of all pods that a kubelet ever saw. */
    private final CopyOnWriteArraySet<String> seen = new CopyOnWriteArraySet<>();

    InspectorPodsIT(ApiServer server) {
        this.stage = Stage.on(server);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private InspectorPods inspectors(Patience patience) {
        ClusterSettings usual = Stage.settings();
        return new InspectorPods(
                stage.client(), new ClusterSettings(usual.images(), usual.pods(), usual.installation(), patience));
    }

    private InspectionAnswer inspect(Patience patience, TuningJob job) {
        return inspectors(patience)
                .inspect(
                        stage.id(),
                        job,
                        Stage.serving(stage.id(), Stage.lease(), List.of()).preset(),
                        waiting -> {});
    }

    private InspectionAnswer inspect() {
        return inspect(Stage.BRISK, job("ab12"));
    }

    private static TuningJob job(String content) {
        return new TuningJob(
                new ModelReference("tiny", Optional.empty()),
                TuningMethod.QLORA,
                new DatasetSource.Volume(new VolumeReference.ConfigMap("rows", Optional.of(content))),
                new OutputTarget.Image(ImageReference.parse("registry.example/adapters/w:1"), Optional.empty()),
                TrainingRecipe.defaults());
    }

    private void fate(Function<Pod, PodStatus> fate) {
        stage.cluster().fate(pod -> {
            seen.add(pod.getMetadata().getUid());
            return Optional.of(fate.apply(pod));
        });
    }

    private static Function<Pod, PodStatus> saying(InspectionAnswer answer) {
        return pod -> Fates.saying(pod, ServerManifest.write(answer));
    }

    /** The first pods come to one end, the later ones to another. */
    private Function<Pod, PodStatus> first(int pods, Function<Pod, PodStatus> fate, Function<Pod, PodStatus> later) {
        return pod -> List.copyOf(seen).indexOf(pod.getMetadata().getUid()) < pods ? fate.apply(pod) : later.apply(pod);
    }

    private static FailureKind kind(Throwable thrown) {
        return ((Classified) thrown).kind();
    }

    @Test
    void whatThePodSawIsTheAnswer() {
        fate(saying(GOOD));

        assertThat(inspect()).isEqualTo(GOOD);
    }

    @Test
    void badRowsAreAnAnswerLikeAnyOther() {
        fate(saying(BAD));

        assertThat(inspect()).isEqualTo(BAD);
    }

    @Test
    void theSameDataAreLookedAtOnce() {
        fate(saying(GOOD));

        inspect();
        inspect();

        assertThat(seen).hasSize(1);
    }

    @Test
    void dataThatWereRefusedAreLookedAtAnew() {
        fate(first(1, saying(BAD), saying(GOOD)));

        assertThat(inspect()).isEqualTo(BAD);
        assertThat(inspect()).isEqualTo(GOOD);

        assertThat(seen).hasSize(2);
    }

    @Test
    void otherContentOfAConfigMapIsOtherDataAndOnlyTheNewestPodStays() {
        fate(saying(GOOD));

        inspect(Stage.BRISK, job("ab12"));
        inspect(Stage.BRISK, job("cd34"));

        assertThat(seen).hasSize(2);
        assertThat(stage.pod("inspector")).isPresent();
    }

    @Test
    void aPodThatAnotherReplicaMadeIsWaitedForAndNotMadeAgain() {
        fate(Fates::starting);
        CompletableFuture<InspectionAnswer> first =
                CompletableFuture.supplyAsync(() -> inspect(Stage.PATIENT, job("ab12")));
        await().atMost(Stage.LONG).until(() -> !seen.isEmpty());
        CompletableFuture<InspectionAnswer> second =
                CompletableFuture.supplyAsync(() -> inspect(Stage.PATIENT, job("ab12")));

        fate(saying(GOOD));

        assertThat(first.join()).isEqualTo(GOOD);
        assertThat(second.join()).isEqualTo(GOOD);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aPodThatSomebodyDeletesMeanwhileIsMadeAgain() {
        fate(Fates::starting);
        CompletableFuture<InspectionAnswer> answer =
                CompletableFuture.supplyAsync(() -> inspect(Stage.PATIENT, job("ab12")));
        await().atMost(Stage.LONG).until(() -> seen.size() == 1);

        stage.client().resource(stage.pod("inspector").orElseThrow()).delete();
        await().atMost(Stage.LONG).until(() -> seen.size() == 2);
        fate(saying(GOOD));

        assertThat(answer.join()).isEqualTo(GOOD);
    }

    @Test
    void aPodThatDiesIsTriedAgainAndOneThatAlwaysDiesIsNamedWithItsLastWords() {
        fate(first(1, Fates::failed, saying(GOOD)));
        assertThat(inspect()).isEqualTo(GOOD);

        fate(Fates::failed);
        assertThatThrownBy(() -> inspect(Stage.BRISK, job("cd34")))
                .hasMessageContaining("No Temporal server answers")
                .hasMessageContaining("It was tried 3 times.")
                .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(FailureKind.DATASET_UNINSPECTED));
        await().atMost(Stage.LONG).until(() -> stage.pod("inspector").isEmpty());
    }

    private List<Finding> inspectAdapter(String claim) {
        return inspectAdapter(claim, 1);
    }

    private List<Finding> inspectAdapter(String claim, double strength) {
        AdapterReference adapter = new AdapterReference("law", new VolumeReference.Claim(claim), strength);
        return inspectors(Stage.BRISK)
                .inspect(
                        new AdapterTask(
                                stage.id(),
                                Stage.serving(stage.id(), Stage.lease(), List.of())
                                        .preset(),
                                List.of(adapter)),
                        waiting -> {});
    }

    @Test
    void whatThePodSawOfAdaptersIsTheAnswerAndAGoodOneIsNotAskedForAgain() {
        fate(first(1, saying(BAD), saying(new InspectionAnswer(Optional.empty(), List.of()))));

        assertThat(inspectAdapter("adapters")).isEqualTo(BAD.findings());
        assertThat(inspectAdapter("adapters")).isEmpty();
        assertThat(inspectAdapter("adapters")).isEmpty();
        assertThat(inspectAdapter("adapters", 0.5))
                .as("what it is does not depend on its strength")
                .isEmpty();

        assertThat(seen).hasSize(2);
    }

    @Test
    void adaptersThatCannotBeLookedAtAreNamedAsSuch() {
        fate(Fates::failed);

        assertThatThrownBy(() -> inspectAdapter("adapters"))
                .isInstanceOf(RolloutException.NotInspected.class)
                .hasMessageStartingWith("The adapters could not be looked at.");
    }

    @Test
    void oneThatTheKernelEndsIsNotTriedAgain() {
        fate(Fates::outOfMemoryForGood);

        assertThatThrownBy(this::inspect).hasMessageContaining("OOMKilled");
        assertThat(seen).hasSize(1);
    }

    @Test
    void oneThatNeverEndsIsEndedAndNamed() {
        fate(Fates::tooLate);

        assertThatThrownBy(this::inspect)
                .isInstanceOf(RolloutException.NotInspected.class)
                .hasMessageContaining("DeadlineExceeded");
        assertThat(seen).hasSize(1);
    }

    @Test
    void oneThatNobodyRunsIsNamedAfterTheLongestTimeAndLeavesNothing() {
        stage.cluster().fate(pod -> Optional.empty());
        Patience little =
                new Patience(Stage.BRISK.lookAgain(), Stage.SHORT, Stage.SHORT, Stage.SHORT, 3, Stage.LONG, Stage.LONG);

        assertThatThrownBy(() -> inspect(little, job("ab12")))
                .isInstanceOf(RolloutException.NotInspected.class)
                .hasMessageContaining("was not ready after");
        await().atMost(Stage.LONG).until(() -> stage.pod("inspector").isEmpty());
    }

    @Test
    void anImageThatStaysAwayIsToldAtOnceAndNamedWithTheAnswer() {
        fate(Fates::withoutImage);
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();

        assertThatThrownBy(() -> inspectors(Stage.BRISK)
                        .inspect(
                                stage.id(),
                                job("ab12"),
                                Stage.serving(stage.id(), Stage.lease(), List.of())
                                        .preset(),
                                told::add))
                .hasMessageContaining("401 Unauthorized")
                .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(FailureKind.IMAGE_UNAVAILABLE));

        assertThat(told).anyMatch(text -> text.contains("ImagePullBackOff"));
        await().atMost(Stage.LONG).until(() -> stage.pod("inspector").isEmpty());
    }

    @Test
    void aPodWithoutRoomIsToldInTheSchedulersWordsAndLeavesNothing() {
        fate(Fates::unplaced);

        assertThatThrownBy(this::inspect)
                .hasMessageContaining("Insufficient memory")
                .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(FailureKind.POD_NOT_PLACED));
        await().atMost(Stage.LONG).until(() -> stage.pod("inspector").isEmpty());
    }

    @Test
    void aReportThatMakesNoSenseIsNone() {
        fate(pod -> Fates.saying(pod, "{\"dataset\": {\"rows\": -1}}"));

        assertThatThrownBy(this::inspect)
                .isInstanceOf(RolloutException.NotInspected.class)
                .hasMessageContaining("left a report that cannot be read");
    }

    @Test
    void aReportOfImpossibleRowsIsNone() {
        InspectionAnswer impossible =
                new InspectionAnswer(Optional.of(new DatasetReport(0, 0, 0, 0, 0, 0, 0, true, List.of())), List.of());
        fate(saying(impossible));

        assertThatThrownBy(this::inspect).hasMessageContaining("left a report that cannot be read");
    }

    @Test
    void aLookThatIsNotWantedAnyMoreLeavesNothing() {
        fate(Fates::starting);
        Thread looker = Thread.currentThread();

        assertThatThrownBy(() -> inspectors(Stage.PATIENT)
                        .inspect(
                                stage.id(),
                                job("ab12"),
                                Stage.serving(stage.id(), Stage.lease(), List.of())
                                        .preset(),
                                waiting -> looker.interrupt()))
                .hasMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
        await().atMost(Stage.LONG).until(() -> stage.pod("inspector").isEmpty());
    }

    @Test
    void whatANamesakeLeftIsReplacedAndAStrangersPodIsLeftAlone() {
        fate(saying(GOOD));
        WorkspaceId before = new WorkspaceId(stage.id().namespace(), stage.id().name(), "earlier");
        inspectors(Stage.BRISK)
                .inspect(
                        before,
                        job("ab12"),
                        Stage.serving(before, Stage.lease(), List.of()).preset(),
                        waiting -> {});

        assertThat(inspect()).isEqualTo(GOOD);
        Pod mine = stage.pod("inspector").orElseThrow();
        assertThat(mine.getMetadata().getLabels())
                .containsEntry("kaito.sh/workspace-uid", stage.id().uid());

        stage.client().resource(mine).delete();
        await().atMost(Stage.LONG).until(() -> stage.pod("inspector").isEmpty());
        stage.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(mine.getMetadata().getName())
                        .withNamespace(stage.id().namespace())
                        .endMetadata()
                        .withSpec(mine.getSpec())
                        .build())
                .create();
        assertThatThrownBy(this::inspect).hasMessageContaining("somebody else's");
        assertThat(stage.cluster().pods()).hasSize(1);
    }

    @Test
    void theRealApiServerTakesThePodAsItIs() {
        fate(saying(GOOD));
        stage.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("rows")
                        .withNamespace(stage.id().namespace())
                        .endMetadata()
                        .withData(Map.of("rows.jsonl", "{}"))
                        .build())
                .create();

        inspect();

        Pod pod = stage.pod("inspector").orElseThrow();
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSpec().getActiveDeadlineSeconds()).isEqualTo(720);
        assertThat(pod.getMetadata().getOwnerReferences())
                .extracting(owner -> owner.getUid())
                .containsExactly(stage.id().uid());
    }
}
