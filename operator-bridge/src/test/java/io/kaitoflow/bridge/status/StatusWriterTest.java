package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.status.StatusSink.Answer;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusWriterTest {

    private static final Translation REFUSED = new Translation.Refused(
            List.of(new Refusal("tuning.method", "full", "must be lora or qlora", "Write method: qlora.")), List.of());

    private final Workspace workspace = workspace("u", 1);
    private final WorkspaceId id = WorkspaceTranslator.idOf(workspace);
    private final StatusBoard board = new StatusBoard();
    private final RecordingSink sink = new RecordingSink();
    private final List<Announcement> announced = new CopyOnWriteArrayList<>();
    private final StatusWriter writer =
            new StatusWriter(board, sink, (whose, news) -> announced.add(news), Clock.systemUTC());

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void phasesThatPassQuicklyAreOneWriteOfTheLast() {
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Accepted()));
        board.told(snapshot(new Phase.Preflight()));

        await().untilAsserted(() -> assertThat(sink.phases()).containsExactly("Preflight"));
    }

    @Test
    void twoWritesAreTwoSecondsApart() {
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Preflight()));
        await().untilAsserted(() -> assertThat(sink.phases()).hasSize(1));
        board.told(snapshot(new Phase.Provisioning("sku", "a")));
        board.told(snapshot(new Phase.Provisioning("sku", "b")));

        await().untilAsserted(() -> assertThat(sink.phases()).hasSize(2));
        assertThat(Duration.ofNanos(sink.nanos.get(1) - sink.nanos.get(0))).isGreaterThan(Duration.ofMillis(1900));
    }

    @Test
    void nothingIsWrittenWhenNothingChanged() {
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Preflight()));
        await().untilAsserted(() -> assertThat(sink.phases()).hasSize(1));

        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Preflight()));
        board.told(snapshot(new Phase.Serving()));

        await().untilAsserted(() -> assertThat(sink.phases()).containsExactly("Preflight", "Serving"));
    }

    @Test
    void aReplicaWithoutTheLeaseWritesNothingAndCatchesUpWhenItHasIt() {
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Serving()));
        assertThat(sink.phases()).isEmpty();

        writer.activate();

        await().untilAsserted(() -> assertThat(sink.phases()).containsExactly("Serving"));
    }

    @Test
    void whatAnotherReplicaWroteMeanwhileIsWrittenOver() {
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Serving()));
        await().untilAsserted(() -> assertThat(sink.phases()).containsExactly("Serving"));
        writer.deactivate();

        board.beginAnew();
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Serving()));

        await().untilAsserted(() -> assertThat(sink.phases()).containsExactly("Serving", "Serving"));
    }

    @Test
    void anObjectThatIsGoneIsNotWrittenAgain() {
        sink.answers(Answer.GONE);
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Preflight()));

        await().untilAsserted(() -> assertThat(board.find(id)).isEmpty());
    }

    @Test
    void aWriteThatFailedIsTriedAgainWithTheNewest() {
        sink.answers(Answer.AGAIN);
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Preflight()));
        await().untilAsserted(() -> assertThat(sink.phases()).hasSize(1));
        sink.answers(Answer.WRITTEN);
        board.told(snapshot(new Phase.Serving()));

        await().untilAsserted(() -> assertThat(sink.phases()).containsExactly("Preflight", "Serving"));
    }

    @Test
    void aPhaseIsAnEventAndAFailureAWarning() {
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Failed(new Failure(FailureKind.QUOTA_EXCEEDED, "No quota."))));

        await().untilAsserted(() -> assertThat(announced).hasSize(1));
        assertThat(announced.getFirst().warning()).isTrue();
        assertThat(announced.getFirst().message()).contains("No quota.", FailureKind.QUOTA_EXCEEDED.advice());
    }

    @Test
    void ofAPhaseThatWasExplainedAnewBeforeItCouldBeShownTheLastWordIsAnnounced() {
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(
                new Phase.Provisioning("sku", "the claim is made"),
                new Phase.Accepted(),
                new Phase.Provisioning("sku", "a machine is claimed")));

        await().untilAsserted(() -> assertThat(announced)
                .extracting(Announcement::message)
                .hasSize(2)
                .last(STRING)
                .contains("the claim is made"));
    }

    @Test
    void aPlaceInAQueueIsAnEventOnceAndEachOfItsChangesAStatus() {
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Queued("sku", "place 2 of 2", "Waits for its turn.")));
        await().untilAsserted(() -> assertThat(sink.phases()).containsExactly("Queued"));
        board.told(snapshot(new Phase.Queued("sku", "place 1 of 2", "Waits for its turn.")));
        await().untilAsserted(() -> assertThat(sink.phases()).containsExactly("Queued", "Queued"));

        assertThat(announced).extracting(Announcement::reason).containsExactly("Queued");
    }

    @Test
    void aPhaseThatWasOverBeforeItCouldBeShownIsAnEventAllTheSame() {
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Provisioning("sku", "a"), new Phase.Accepted(), new Phase.Preflight()));

        await().untilAsserted(() -> assertThat(announced)
                .extracting(Announcement::reason)
                .containsExactly("Accepted", "Preflight", "Provisioning"));
        assertThat(sink.phases()).containsExactly("Provisioning");
    }

    @Test
    void aReportThatIsMissingIsAWarningOnceAndOneThatIsThereANote() {
        writer.activate();
        board.judged(workspace, "f", accepted(new WorkspaceGoal.Tune(job())));
        board.told(reported(new Phase.Releasing(), AttachedReport.missing("No artifacts here.")));
        await().untilAsserted(() -> assertThat(announced).hasSize(2));
        board.told(reported(new Phase.Completed(), AttachedReport.missing("No artifacts here.")));
        await().untilAsserted(() -> assertThat(announced).hasSize(3));
        board.told(reported(new Phase.Serving(), new AttachedReport(Optional.empty(), true, "It is attached.")));
        await().untilAsserted(() -> assertThat(announced).hasSize(5));

        assertThat(announced)
                .extracting(Announcement::reason)
                .containsExactly("Releasing", "ReportMissing", "Completed", "Serving", "ReportAttached");
        assertThat(announced.get(1).warning()).isTrue();
        assertThat(announced.get(1).message()).contains("No artifacts here.");
    }

    @Test
    void aRefusalIsWrittenWithoutARunAndIsAWarning() {
        writer.activate();
        board.judged(workspace, "f", REFUSED);

        await().untilAsserted(() -> assertThat(sink.phases()).containsExactly("Refused"));
        await().untilAsserted(() ->
                assertThat(announced).extracting(Announcement::reason).containsExactly("INVALID_REQUEST"));
    }

    @Test
    void anEditThatTheWorkflowHasNotSeenIsNotAnsweredYet() {
        writer.activate();
        board.judged(workspace, "f", accepted());
        board.told(snapshot(new Phase.Serving()));
        await().untilAsserted(() -> assertThat(sink.generations()).containsExactly(1L));

        board.judged(workspace("u", 2), "g", accepted());
        board.told(snapshot(new Phase.RollingOut()));

        await().untilAsserted(() -> assertThat(sink.generations()).containsExactly(1L, 1L));
    }

    private static Translation accepted() {
        return accepted(new WorkspaceGoal.Serve(new ModelReference("p", Optional.empty()), List.of()));
    }

    private static TuningJob job() {
        return new TuningJob(
                new ModelReference("p", Optional.empty()),
                TuningMethod.QLORA,
                new DatasetSource.Urls(List.of("https://example.com/rows.jsonl")),
                new OutputTarget.Image(ImageReference.parse("registry.example.com/adapters/geo:1"), Optional.empty()),
                TrainingRecipe.defaults());
    }

    private static Translation accepted(WorkspaceGoal goal) {
        return new Translation.Accepted(
                new WorkspaceRequest(
                        new WorkspaceId("default", "w", "u"),
                        goal,
                        new MachineRequest(List.of(), 1, Map.of(), List.of(), false),
                        Terms.none()),
                List.of());
    }

    private WorkspaceSnapshot snapshot(Phase phase, Phase... passed) {
        return WorkspaceSnapshot.builder(id, "f", phase).passed(List.of(passed)).build();
    }

    private WorkspaceSnapshot reported(Phase phase, AttachedReport report) {
        Digest digest = Digest.parse("sha256:" + "ab".repeat(32));
        ImageReference image = ImageReference.parse("registry.example.com/adapters/geo:1");
        return WorkspaceSnapshot.builder(id, "f", phase)
                .output(Optional.of(new PushedImage(image, digest, "registry.example.com")))
                .report(Optional.of(report))
                .build();
    }

    private static Workspace workspace(String uid, long generation) {
        Workspace workspace = new Workspace();
        workspace.getMetadata().setNamespace("default");
        workspace.getMetadata().setName("w");
        workspace.getMetadata().setUid(uid);
        workspace.getMetadata().setGeneration(generation);
        return workspace;
    }

    /** Remembers what was written and when; answers as told. */
    private static final class RecordingSink implements StatusSink {

        private final List<WorkspaceStatus> written = new CopyOnWriteArrayList<>();
        private final List<Long> nanos = new CopyOnWriteArrayList<>();
        private volatile Answer answer = Answer.WRITTEN;

        @Override
        public Answer write(WorkspaceId id, long version, WorkspaceStatus status) {
            nanos.add(System.nanoTime());
            written.add(status);
            return answer;
        }

        void answers(Answer next) {
            answer = next;
        }

        List<String> phases() {
            return written.stream().map(WorkspaceStatus::phase).toList();
        }

        List<Long> generations() {
            return written.stream().map(WorkspaceStatus::observedGeneration).toList();
        }
    }
}
