package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.refusal.MissingObject;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.ServingSpeed;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class StatusRendererTest {

    private static final Digest DIGEST = Digest.ofSha256(new byte[32]);
    private static final Endpoint SERVING = new Endpoint(
            "http://w.default.svc",
            "facts",
            Optional.empty(),
            List.of(new ServedAdapter(
                    "facts", ImageReference.parse("registry.example/adapters/facts:1"), DIGEST, List.of(), 1)));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final DatasetReport DATA = new DatasetReport(96, 0, 5568, 1200, 70, 0, 0, true, List.of());

    private static final PreflightReport CLEAN = new PreflightReport(List.of(), Optional.of(DATA));
    private static final WorkspaceId ID = new WorkspaceId("default", "w", "u");

    private static final ModelReference MODEL = new ModelReference("p", Optional.empty());

    private final StatusRenderer renderer = new StatusRenderer();

    @Test
    void aServingWorkspaceIsReadyAndShowsWhatWasPushed() {
        WorkspaceStatus status = render(snapshot(new Phase.Serving(), true));

        assertThat(status.state()).isEqualTo("Ready");
        assertThat(status.endpoint()).isEqualTo("http://127.0.0.1:5000");
        assertThat(status.output()).isNotNull();
        assertThat(status.conditions())
                .filteredOn(condition -> condition.getStatus().equals("True"))
                .extracting(Condition::getType)
                .containsExactly(
                        "NodeClaimReady",
                        "NodesReady",
                        "ResourceReady",
                        "DatasetReady",
                        "OutputPushed",
                        "InferenceReady",
                        "WorkspaceReady",
                        "WorkspaceSucceeded");
    }

    @Test
    void whereNothingIsTunedThereIsNoJobAndServingIsSuccess() {
        WorkspaceStatus status = render(
                Optional.of(snapshot(new Phase.Serving(), false)),
                Optional.of(wish(new WorkspaceGoal.Serve(MODEL, List.of()))));

        assertThat(status.conditions())
                .extracting(Condition::getType)
                .contains("InferenceReady")
                .doesNotContain("JobStarted", "OutputPushed");
        assertThat(Conditions.of(status, "WorkspaceSucceeded").getStatus()).isEqualTo("True");
    }

    @Test
    void theSpeedOfAServerIsShownWhereItWasMeasured() {
        assertThat(serving(SERVING).performance()).isNull();

        WorkspaceStatus status = serving(SERVING.with(new ServingSpeed(32, Duration.ofMillis(250))));

        assertThat(Objects.requireNonNull(status.performance()).metrics().get("tokensPerSecond"))
                .satisfies(metric -> {
                    assertThat(metric.value()).isEqualTo("128.0");
                    assertThat(metric.unit()).isEqualTo("tokens/s");
                    assertThat(metric.config()).containsEntry("reply", "32 tokens");
                });
    }

    private WorkspaceStatus serving(Endpoint endpoint) {
        return render(snapshot(
                new Phase.Serving(), true, new PreflightReport(List.of(), Optional.of(DATA)), Optional.of(endpoint)));
    }

    @Test
    void aServerThatDidNotComeUpIsNamedWhileTheOneBeforeItAnswers() {
        Endpoint before =
                new Endpoint("http://w.default.svc", "w", Optional.of("The server does not come up."), List.of());

        WorkspaceStatus status = render(snapshot(
                new Phase.Serving(), true, new PreflightReport(List.of(), Optional.of(DATA)), Optional.of(before)));

        Condition ready = Conditions.of(status, "InferenceReady");
        assertThat(ready.getStatus()).isEqualTo("True");
        assertThat(ready.getReason()).isEqualTo("TakenBack");
        assertThat(ready.getMessage()).isEqualTo("http://w.default.svc. The server does not come up.");
    }

    @Test
    void theAdaptersThatAnswerAreNamedByTheDigestThatTheirTagStoodFor() {
        WorkspaceStatus status = render(snapshot(new Phase.Serving(), true, CLEAN, Optional.of(SERVING)));

        assertThat(Conditions.of(status, "InferenceReady").getMessage())
                .isEqualTo("http://w.default.svc. Adapters: facts = registry.example/adapters/facts:1@" + DIGEST);
    }

    @Test
    void aServerAnswersWhileAnEditIsLookedAtOrItsResultMovedAndWhileItTakesOtherAdapters() {
        Translation others = wish(new WorkspaceGoal.Serve(MODEL, List.of(reference(List.of()))));
        for (Phase phase :
                List.of(new Phase.Accepted(), new Phase.Preflight(), new Phase.Publishing(), new Phase.RollingOut())) {
            WorkspaceStatus status =
                    render(Optional.of(snapshot(phase, false, CLEAN, Optional.of(SERVING))), Optional.of(others));

            assertThat(Conditions.of(status, "InferenceReady").getStatus())
                    .as(phase.label())
                    .isEqualTo("True");
            assertThat(Conditions.of(status, "WorkspaceReady").getStatus())
                    .as(phase.label())
                    .isEqualTo("True");
        }
    }

    @Test
    void aServerThatNeedsANewPodDoesNotAnswerMeanwhile() {
        Translation secret =
                wish(new WorkspaceGoal.Serve(MODEL, List.of(reference(List.of(new SecretReference("registry"))))));

        WorkspaceStatus status = render(
                Optional.of(snapshot(new Phase.RollingOut(), false, CLEAN, Optional.of(SERVING))), Optional.of(secret));

        assertThat(Conditions.of(status, "InferenceReady").getStatus()).isEqualTo("False");
    }

    @Test
    void anAdapterOfAVolumeIsNamedByItAndAnotherVolumeNeedsANewPod() {
        Endpoint fromVolume = new Endpoint(
                "http://w.default.svc",
                "law",
                Optional.empty(),
                List.of(new ServedAdapter("law", new VolumeReference.Claim("adapters"), 1)));
        WorkspaceSnapshot rolling = snapshot(new Phase.RollingOut(), false, CLEAN, Optional.of(fromVolume));

        assertThat(Conditions.of(
                                render(snapshot(new Phase.Serving(), true, CLEAN, Optional.of(fromVolume))),
                                "InferenceReady")
                        .getMessage())
                .isEqualTo("http://w.default.svc. Adapters: law = PersistentVolumeClaim adapters");
        assertThat(whileRolling(rolling, "sea", "adapters")).isEqualTo("True");
        assertThat(whileRolling(rolling, "sea", "others")).isEqualTo("False");
    }

    private String whileRolling(WorkspaceSnapshot rolling, String name, String claim) {
        AdapterReference wanted = new AdapterReference(name, new VolumeReference.Claim(claim), 1);
        Translation wish = wish(new WorkspaceGoal.Serve(MODEL, List.of(wanted)));
        return Conditions.of(render(Optional.of(rolling), Optional.of(wish)), "InferenceReady")
                .getStatus();
    }

    private static AdapterReference reference(List<SecretReference> secrets) {
        return new AdapterReference("facts", ImageReference.parse("registry.example/adapters/facts:2"), secrets, 1);
    }

    @Test
    void aFailureIsTheReasonAndTheSentenceOfWhatIsNotTrue() {
        Failure failure = new Failure(FailureKind.REGISTRY_DENIED, "Tried to push to registry.example: 403.");

        WorkspaceStatus status = render(snapshot(new Phase.Failed(failure), false));

        assertThat(status.state()).isEqualTo("Failed");
        Condition ready = Conditions.of(status, "WorkspaceReady");
        assertThat(ready.getStatus()).isEqualTo("False");
        assertThat(ready.getReason()).isEqualTo("REGISTRY_DENIED");
        assertThat(ready.getMessage()).isEqualTo(failure.sentence());
    }

    @Test
    void aWaitForAMachineSaysWhatIsWaitedFor() {
        WorkspaceStatus status = render(snapshot(new Phase.Provisioning("Standard_NC6s_v3", "no capacity"), false));

        assertThat(Conditions.of(status, "InferenceReady").getMessage()).isEqualTo("Standard_NC6s_v3: no capacity");
        assertThat(status.state()).isEqualTo("Pending");
    }

    @Test
    void whoeverWaitsForItsTurnReadsItsPlaceAndWhoHoldsWhat() {
        String place = "Waits for its turn: place 3 of 5 in namespace team-a, which uses 8 of 8 GPUs; held by a, b.";

        WorkspaceStatus status = render(snapshot(new Phase.Queued("Standard_NC6s_v3", "place 3 of 5", place), false));

        assertThat(status.phase()).isEqualTo("Queued");
        assertThat(Objects.requireNonNull(status.progress()).text()).isEqualTo("place 3 of 5");
        assertThat(status.state()).isEqualTo("Pending");
        assertThat(Conditions.of(status, "InferenceReady").getReason()).isEqualTo("Queued");
        assertThat(Conditions.of(status, "InferenceReady").getMessage()).isEqualTo("Standard_NC6s_v3: " + place);
    }

    @Test
    void aConditionKeepsItsTimeUntilItChanges() {
        WorkspaceStatus first = render(snapshot(new Phase.Tuning(0), false));
        StatusView later = new StatusView(
                ID,
                Optional.of(snapshot(new Phase.Serving(), true)),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(first),
                2,
                NOW.plusSeconds(60));

        WorkspaceStatus second = renderer.render(later);

        assertThat(Conditions.of(second, "ResourceReady").getLastTransitionTime())
                .isEqualTo(NOW.toString());
        assertThat(Conditions.of(second, "WorkspaceReady").getLastTransitionTime())
                .isEqualTo(NOW.plusSeconds(60).toString());
        assertThat(second.observedGeneration()).isEqualTo(2);
    }

    @Test
    void progressIsOneLineForTheColumn() {
        WorkspaceStatus.Progress shown = progressWith(0.123_949_999);

        assertThat(shown.text()).isEqualTo("tuning 34/72, loss 0.124, 230 tokens/s, 1m35s left");
        assertThat(shown.loss()).isEqualTo(0.1239);
        assertThat(shown.checkpointStep()).isEqualTo(24);
    }

    @Test
    void aLossThatIsNoNumberAnyMoreIsNotShownAsOne() {
        assertThat(progressWith(Double.NaN).loss()).isNull();
    }

    private WorkspaceStatus.Progress progressWith(double loss) {
        TuningProgress progress = new TuningProgress(
                "tuning",
                34,
                72,
                1.4,
                OptionalDouble.of(loss),
                OptionalDouble.of(230.4),
                Optional.of(Duration.ofSeconds(95)),
                24);
        StatusView view = new StatusView(
                ID,
                Optional.of(snapshot(new Phase.Tuning(1), false)),
                false,
                Optional.empty(),
                Optional.of(progress),
                Optional.empty(),
                1,
                NOW);
        return Objects.requireNonNull(renderer.render(view).progress());
    }

    @Test
    void aRefusedEditIsSeenWhileTheOldGoalRuns() {
        Refusal refusal = new Refusal("tuning.method", "full", "must be lora or qlora", "Write method: qlora.");
        Translation refused = new Translation.Refused(List.of(refusal), List.of());

        WorkspaceStatus status = render(Optional.of(snapshot(new Phase.Serving(), true)), Optional.of(refused));
        Condition ready = Conditions.of(status, "WorkspaceReady");

        assertThat(ready.getStatus()).isEqualTo("True");
        assertThat(ready.getReason()).isEqualTo("INVALID_REQUEST");
        assertThat(ready.getMessage()).isEqualTo(refusal.sentence());
    }

    @Test
    void aRefusedWorkspaceSaysWhyEverywhereAndThatNothingIsBought() {
        Refusal refusal = new Refusal("tuning.method", "full", "must be lora or qlora", "Write method: qlora.");

        WorkspaceStatus status =
                render(Optional.empty(), Optional.of(new Translation.Refused(List.of(refusal), List.of())));

        assertThat(status.phase()).isEqualTo("Refused");
        assertThat(status.conditions())
                .allSatisfy(condition -> assertThat(condition.getMessage()).isEqualTo(refusal.sentence()))
                .extracting(Condition::getReason)
                .containsOnly("INVALID_REQUEST");
    }

    @Test
    void whatIsNotThereYetIsWaitedFor() {
        MissingObject missing = new MissingObject("ConfigMap", "recipe", "tuning.config");

        WorkspaceStatus status =
                render(Optional.empty(), Optional.of(new Translation.Waiting(List.of(missing), List.of())));

        assertThat(status.state()).isEqualTo("Pending");
        assertThat(Conditions.of(status, "WorkspaceReady").getReason()).isEqualTo("WaitingForObject");
        assertThat(Conditions.of(status, "WorkspaceReady").getMessage()).contains("\"recipe\" is not there");
    }

    @Test
    void givingBackForAPauseIsNoDeletion() {
        assertThat(render(snapshot(new Phase.Releasing(), false)).conditions())
                .extracting(Condition::getType)
                .doesNotContain("WorkspaceDeleting");
    }

    @Test
    void badDataIsTheDatasetsCondition() {
        Finding finding =
                new Finding(Finding.Severity.REFUSAL, FailureKind.DATASET_INVALID, "train.jsonl row 7", "has no role.");
        WorkspaceSnapshot snapshot =
                snapshot(new Phase.Preflight(), false, new PreflightReport(List.of(finding), Optional.empty()));

        Condition dataset = Conditions.of(render(snapshot), "DatasetReady");

        assertThat(dataset.getStatus()).isEqualTo("False");
        assertThat(dataset.getReason()).isEqualTo("DATASET_INVALID");
        assertThat(dataset.getMessage()).isEqualTo("train.jsonl row 7: has no role.");
    }

    private WorkspaceStatus render(WorkspaceSnapshot snapshot) {
        return render(Optional.of(snapshot), Optional.empty());
    }

    private static Translation wish(WorkspaceGoal goal) {
        MachineRequest machines = new MachineRequest(List.of(), 1, Map.of(), List.of(), false);
        return new Translation.Accepted(new WorkspaceRequest(ID, goal, machines, Terms.none()), List.of());
    }

    private WorkspaceStatus render(Optional<WorkspaceSnapshot> snapshot, Optional<Translation> objection) {
        return renderer.render(
                new StatusView(ID, snapshot, false, objection, Optional.empty(), Optional.empty(), 1, NOW));
    }

    private static WorkspaceSnapshot snapshot(Phase phase, boolean done) {
        return snapshot(phase, done, new PreflightReport(List.of(), Optional.of(DATA)));
    }

    private static WorkspaceSnapshot snapshot(Phase phase, boolean done, PreflightReport report) {
        return snapshot(
                phase, done, report, done ? Optional.of(new Endpoint("http://127.0.0.1:5000", "w")) : Optional.empty());
    }

    private static WorkspaceSnapshot snapshot(
            Phase phase, boolean done, PreflightReport report, Optional<Endpoint> endpoint) {
        ImageReference image = ImageReference.parse("registry.example/a/b:1");
        PushedImage pushed = new PushedImage(image, Digest.ofSha256(new byte[32]), "registry.example");
        return WorkspaceSnapshot.builder(ID, "f", phase)
                .preflight(Optional.of(report))
                .nodes(List.of("local"))
                .output(done ? Optional.of(pushed) : Optional.empty())
                .endpoint(endpoint)
                .build();
    }
}
