package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.api.WorkspaceStatus.Output;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusBoardTest {

    private static final WorkspaceId GONE = new WorkspaceId("models", "gone", "uid-1");
    private static final WorkspaceId LISTED = new WorkspaceId("models", "listed", "uid-2");
    private static final WorkspaceId SINCE = new WorkspaceId("models", "since", "uid-3");
    private static final Translation REFUSED = new Translation.Refused(
            List.of(new Refusal("tuning.method", "full", "must be lora or qlora", "Write method: qlora.")), List.of());

    private final StatusBoard board = new StatusBoard();
    private final List<WorkspaceId> asked = new ArrayList<>();
    private boolean running = true;
    private final ProgressRounds rounds =
            new ProgressRounds(board, id -> Optional.empty(), this::lastWord, id -> running);

    private Optional<WorkspaceSnapshot> lastWord(WorkspaceId id) {
        asked.add(id);
        return Optional.of(serving(id));
    }

    @Test
    void whoIsInNoListAnyMoreIsForgottenButNotWhoCameSince() {
        board.told(serving(GONE));
        board.told(serving(LISTED));
        Set<WorkspaceId> known = board.known();
        board.told(serving(SINCE));

        board.forgetGone(known, List.of(LISTED));

        assertThat(board.known()).containsExactlyInAnyOrder(LISTED, SINCE);
    }

    @Test
    void aRefusedEditDoesNotHideARunThatHasNotSpokenSinceARestart() {
        WorkspaceId id = judgedAsRefused("workspace/models/w/u");
        board.beginAnew();

        assertThat(standing(id).sayable()).isFalse();
        assertThat(board.expectsRun(id)).isTrue();

        rounds.go();
        rounds.go();
        assertThat(standing(id).snapshot()).contains(serving(id));
        assertThat(standing(id).sayable()).isTrue();
    }

    @Test
    void whereTheRunIsGoneTooTheRefusalIsShownBesideWhatTheRunMade() {
        WorkspaceId id = judgedAsRefused("workspace/models/w/u");
        running = false;

        rounds.go();
        rounds.go();

        assertThat(asked).isEmpty();
        assertThat(board.expectsRun(id)).isFalse();
        assertThat(standing(id).sayable()).isTrue();
        WorkspaceStatus shown = new StatusRenderer().render(StatusView.of(standing(id), Instant.EPOCH));
        assertThat(shown.phase()).isEqualTo("Refused");
        assertThat(shown.workerNodes()).containsExactly("node");
        assertThat(shown.output()).isEqualTo(made());
        assertThat(shown.workflowId()).isEqualTo("workspace/models/w/u");
        assertThat(Conditions.of(shown, "WorkspaceReady").getMessage())
                .startsWith(
                        "tuning.method: \"full\" must be lora or qlora. Write method: qlora. The run of the wish before is gone");
    }

    @Test
    void whatWasRefusedFromTheBeginningIsShownAtOnceAndHasNoRun() {
        WorkspaceId id = judgedAsRefused(null);

        assertThat(standing(id).sayable()).isTrue();
        assertThat(board.expectsRun(id)).isFalse();
    }

    private WorkspaceId judgedAsRefused(@Nullable String workflowId) {
        Workspace workspace = new Workspace();
        workspace.getMetadata().setNamespace("models");
        workspace.getMetadata().setName("w");
        workspace.getMetadata().setUid("u");
        workspace.setStatus(status(workflowId));
        board.judged(workspace, "f", REFUSED);
        return WorkspaceTranslator.idOf(workspace);
    }

    private static WorkspaceStatus status(@Nullable String workflowId) {
        return new WorkspaceStatus(
                List.of("node"),
                "Ready",
                1,
                1L,
                "Serving",
                workflowId,
                null,
                null,
                null,
                List.of(),
                made(),
                "http://w",
                null,
                null,
                List.of());
    }

    private static Output made() {
        return new Output("registry.example/a/b:1", "sha256:" + "ab".repeat(32), "key");
    }

    private Standing standing(WorkspaceId id) {
        return board.find(id).orElseThrow();
    }

    private static WorkspaceSnapshot serving(WorkspaceId id) {
        return WorkspaceSnapshot.builder(id, "", new Phase.Serving()).build();
    }
}
