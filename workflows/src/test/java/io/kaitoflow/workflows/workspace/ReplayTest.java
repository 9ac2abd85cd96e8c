package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs that began under an older version of the workflow must go on under this one: committed histories are replayed. A history
 * that no longer replays means that the change needs a version marker. {@code -Dkaitoflow.record=true} records them anew; do
 * that only before the first release, or to add one.
 */
class ReplayTest extends WorkspaceTest {

    private static final Path HISTORIES = Path.of("src", "test", "resources", "histories");

    @ParameterizedTest
    @ValueSource(strings = {"happy-path", "tuner-lost-once", "pause-and-resume", "refused", "serve-at-once"})
    void committedHistoriesStillReplay(String name) {
        assertThatCode(() -> replay(name)).doesNotThrowAnyException();
    }

    @Test
    void aHistoryWithAStepTakenOutDoesNotReplay() throws IOException {
        String history = Files.readString(file("happy-path"));
        String other = history.replace("\"Preflight.Inspect\"", "\"Another.Step\"");
        assertThat(other).isNotEqualTo(history);

        assertThatThrownBy(() -> WorkflowReplayer.replayWorkflowExecution(other, WorkspaceWorkflowImpl.class))
                .hasStackTraceContaining("Another.Step");
    }

    @Test
    @EnabledIfSystemProperty(named = "kaitoflow.record", matches = "true", disabledReason = "records only when asked")
    void recordsTheHappyPath() throws Exception {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        endAndRecord("happy-path");
    }

    @Test
    @EnabledIfSystemProperty(named = "kaitoflow.record", matches = "true", disabledReason = "records only when asked")
    void recordsATunerLostOnce() throws Exception {
        world.refuse("tune", FailureKind.TUNER_LOST, "The pod is gone.");
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);
        endAndRecord("tuner-lost-once");
    }

    @Test
    @EnabledIfSystemProperty(named = "kaitoflow.record", matches = "true", disabledReason = "records only when asked")
    void recordsPauseAndResume() throws Exception {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("tune");
        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);
        world.letGo("tune");
        order(Action.RESUME);
        awaitPhase(Phase.Serving.class);
        endAndRecord("pause-and-resume");
    }

    @Test
    @EnabledIfSystemProperty(named = "kaitoflow.record", matches = "true", disabledReason = "records only when asked")
    void recordsARefusal() throws Exception {
        var denied =
                new Finding(Finding.Severity.REFUSAL, FailureKind.REGISTRY_DENIED, "output", "The push was denied.");
        world.report(new PreflightReport(List.of(denied), Optional.empty()));
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Failed.class);
        endAndRecord("refused");
    }

    @Test
    @EnabledIfSystemProperty(named = "kaitoflow.record", matches = "true", disabledReason = "records only when asked")
    void recordsServingWithTheShortStepsTakenAtOnce() throws Exception {
        world.readyAfterLooks(2);
        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));
        awaitPhase(Phase.Serving.class);
        endAndRecord("serve-at-once");
    }

    private void endAndRecord(String name) throws IOException, InterruptedException {
        workflow.desire(Samples.deleted(2));
        awaitEnd();
        Files.createDirectories(HISTORIES);
        Files.writeString(
                file(name), client().fetchHistory(Samples.ID.workflowId()).toJson(true));
    }

    private static void replay(String name) throws Exception {
        WorkflowReplayer.replayWorkflowExecution(Files.readString(file(name)), WorkspaceWorkflowImpl.class);
    }

    private static Path file(String name) {
        return HISTORIES.resolve(name + ".json");
    }
}
