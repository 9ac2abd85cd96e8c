package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that goes down after the run said that the model answers. */
class ServerDownTest {

    private static final WorkspaceId ID = new WorkspaceId("default", "w", "u");
    private static final Failure KILLED =
            new Failure(FailureKind.MEMORY_TOO_SMALL, "The server is down. Pod w-1 (server) was OOMKilled.");
    private static final Translation REFUSED = new Translation.Refused(
            List.of(new Refusal("tuning.method", "full", "must be lora or qlora", "Write method: qlora.")), List.of());

    private final AtomicReference<Optional<Failure>> seen = new AtomicReference<>(Optional.empty());
    private final StatusBoard board = new StatusBoard();
    private final List<WorkspaceStatus> written = new CopyOnWriteArrayList<>();
    private final List<Announcement> announced = new CopyOnWriteArrayList<>();
    private final StatusWriter writer = new StatusWriter(
            board,
            (id, version, status) -> {
                written.add(status);
                return StatusSink.Answer.WRITTEN;
            },
            (whose, news) -> announced.add(news),
            Clock.systemUTC());

    @BeforeEach
    void serve() {
        board.watchServers(id -> seen.get());
        writer.activate();
        judge(accepted());
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void itIsFalseWithTheEvidenceAndTheCureAndTrueAgainWhenItIsBackAndEachIsOneEvent() {
        board.told(word(new Phase.Serving(), false));
        awaitInference("True", 1);

        goesDown();
        awaitInference("False", 2);
        assertThat(last("InferenceReady").getReason()).isEqualTo("MEMORY_TOO_SMALL");
        assertThat(last("InferenceReady").getMessage()).isEqualTo(KILLED.sentence());
        assertThat(last("WorkspaceReady").getStatus()).isEqualTo("False");
        assertThat(last("WorkspaceSucceeded").getStatus()).isEqualTo("False");
        assertThat(written.getLast().state()).isEqualTo("NotReady");
        assertThat(written.getLast().phase()).isEqualTo("Serving");

        seen.set(Optional.empty());
        board.lookAtServer(ID);
        awaitInference("True", 3);
        assertThat(written.getLast().state()).isEqualTo("Ready");
        await().untilAsserted(() -> assertThat(announced)
                .extracting(Announcement::reason)
                .containsExactly("Serving", "ServerDown", "ServerBack"));
        assertThat(announced.get(1).warning()).isTrue();
        assertThat(announced.get(1).message()).isEqualTo(KILLED.sentence());
    }

    @Test
    void aModelThatWasTunedStaysSo() {
        board.told(word(new Phase.Serving(), true));
        awaitInference("True", 1);

        goesDown();

        awaitInference("False", 2);
        assertThat(last("WorkspaceReady").getStatus()).isEqualTo("False");
        assertThat(last("WorkspaceSucceeded").getStatus()).isEqualTo("True");
    }

    @Test
    void aRunThatSpeaksOfADownServerIsNotBelieved() {
        seen.set(Optional.of(KILLED));

        board.told(word(new Phase.Serving(), false));

        awaitInference("False", 1);
        assertThat(last("InferenceReady").getReason()).isEqualTo("MEMORY_TOO_SMALL");
    }

    @Test
    void aRefusedEditHidesNoServerThatIsDown() {
        board.told(word(new Phase.Serving(), false));
        awaitInference("True", 1);

        seen.set(Optional.of(KILLED));
        judge(REFUSED);
        board.lookAtServer(ID);

        await().untilAsserted(() ->
                assertThat(last("WorkspaceReady").getMessage()).contains("must be lora or qlora", KILLED.message()));
        assertThat(last("WorkspaceReady").getStatus()).isEqualTo("False");
    }

    @Test
    void whileTheRunPutsAnotherInItsPlaceItsPhaseIsTheReason() {
        board.told(word(new Phase.Serving(), false));
        awaitInference("True", 1);
        seen.set(Optional.of(KILLED));

        board.told(word(new Phase.Releasing(), false));

        awaitInference("False", 2);
        assertThat(last("InferenceReady").getReason()).isEqualTo("Releasing");
    }

    private void goesDown() {
        seen.set(Optional.of(KILLED));
        board.lookAtServer(ID);
    }

    private void awaitInference(String status, int writes) {
        await().untilAsserted(() -> assertThat(written).hasSize(writes));
        assertThat(last("InferenceReady").getStatus()).isEqualTo(status);
    }

    private Condition last(String type) {
        return Conditions.of(written.getLast(), type);
    }

    private void judge(Translation verdict) {
        Workspace workspace = new Workspace();
        workspace.getMetadata().setNamespace(ID.namespace());
        workspace.getMetadata().setName(ID.name());
        workspace.getMetadata().setUid(ID.uid());
        workspace.getMetadata().setGeneration(1L);
        board.judged(workspace, "f", verdict);
    }

    private static Translation accepted() {
        return new Translation.Accepted(
                new WorkspaceRequest(
                        ID,
                        new WorkspaceGoal.Serve(new ModelReference("p", Optional.empty()), List.of()),
                        new MachineRequest(List.of(), 1, Map.of(), List.of(), false),
                        Terms.none()),
                List.of());
    }

    private static WorkspaceSnapshot word(Phase phase, boolean tuned) {
        Optional<PushedImage> output = tuned
                ? Optional.of(new PushedImage(
                        ImageReference.parse("registry.example/adapters/geo:1"),
                        Digest.parse("sha256:" + "ab".repeat(32)),
                        "registry.example"))
                : Optional.empty();
        return WorkspaceSnapshot.builder(ID, "f", phase)
                .nodes(List.of("node-1"))
                .output(output)
                .endpoint(Optional.of(new Endpoint("http://w.default.svc", "p")))
                .build();
    }
}
