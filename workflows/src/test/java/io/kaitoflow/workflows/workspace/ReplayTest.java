package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs that began under an older version of the workflow must go on under this one: every committed history is replayed. One that
 * no longer replays means that the change needs a version marker. {@link Recorded} says how more are made.
 */
class ReplayTest {

    @ParameterizedTest
    @MethodSource("histories")
    void committedHistoriesStillReplay(String name) {
        assertThatCode(() -> replay(read(name))).doesNotThrowAnyException();
    }

    @Test
    void aHistoryWithAStepTakenOutDoesNotReplay() throws IOException {
        String history = read("happy-path.json");
        String other = history.replace("\"Preflight.Inspect\"", "\"Another.Step\"");
        assertThat(other).isNotEqualTo(history);

        assertThatThrownBy(() -> replay(other)).hasStackTraceContaining("Another.Step");
    }

    private static List<String> histories() throws IOException {
        try (Stream<Path> files = Files.list(WorkspaceTest.HISTORIES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void replay(String history) throws Exception {
        WorkflowReplayer.replayWorkflowExecution(history, WorkspaceWorkflowImpl.class);
    }

    private static String read(String name) throws IOException {
        return Files.readString(WorkspaceTest.HISTORIES.resolve(name));
    }
}
