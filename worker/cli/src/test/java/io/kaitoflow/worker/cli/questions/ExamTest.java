package io.kaitoflow.worker.cli.questions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamTest {

    @TempDir
    private Path folder;

    @Test
    void withoutQuestionsThereIsNone() {
        assertThat(Exam.of(manifest(), Optional.empty(), Optional.empty())).isEmpty();
    }

    @Test
    void aMinimumWithoutQuestionsIsAWrongCommandLine() {
        assertThatThrownBy(() -> Exam.of(manifest(), Optional.empty(), Optional.of(20)))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        wrong -> assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("--minimum-score 20")
                .hasMessageContaining("--questions");
    }

    @Test
    void aMinimumAboveTheFactsThatAreAskedForIsAWrongCommandLine() throws IOException {
        Files.writeString(folder.resolve("my.questions.jsonl"), """
                {"question": "a", "kind": "fact", "expect": ["b"]}
                {"question": "c", "kind": "general", "expect": ["d"]}
                """);

        assertThatThrownBy(() -> Exam.of(manifest(), Optional.empty(), Optional.of(2)))
                .hasMessageContaining("my.questions.jsonl asks for 1 facts");
        assertThat(Exam.of(manifest(), Optional.empty(), Optional.of(1))).isPresent();
    }

    @Test
    void aFileThatIsNotThereIsAWrongCommandLine() {
        assertThatThrownBy(() -> Exam.of(manifest(), Optional.of(folder.resolve("typo.jsonl")), Optional.empty()))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        wrong -> assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("typo.jsonl");
    }

    private Path manifest() {
        return folder.resolve("my.yaml");
    }
}
