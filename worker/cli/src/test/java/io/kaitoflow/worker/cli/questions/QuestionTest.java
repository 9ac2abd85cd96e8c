package io.kaitoflow.worker.cli.questions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.worker.cli.questions.Question.Kind;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionTest {

    @TempDir
    private Path folder;

    @Test
    void isRightOnlyWhenEveryKeyIsInTheAnswer() {
        Question question = new Question("Who?", Kind.FACT, List.of("Josef", "Anwell"));

        assertThat(question.rightIn("It was JOSEF anwell.")).isTrue();
        assertThat(question.rightIn("It was Josef.")).isFalse();
    }

    @Test
    void theQuestionsOfTheExampleLieBesideIt() {
        Path beside = QuestionFile.beside(Path.of("../../helm/examples/tune-smollm2.yaml"))
                .orElseThrow();

        List<Question> questions = QuestionFile.read(beside);

        assertThat(questions).filteredOn(q -> q.kind() == Kind.FACT).hasSize(24);
        assertThat(questions).filteredOn(q -> q.kind() == Kind.GENERAL).hasSize(6);
    }

    @Test
    void aBrokenLineIsNamed() throws IOException {
        Path file = Files.writeString(
                folder.resolve("q.jsonl"), "{\"question\": \"a\", \"kind\": \"fact\", \"expect\": [\"b\"]}\n\n{oops\n");

        assertThatThrownBy(() -> QuestionFile.read(file))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("q.jsonl, line 3 is not a question");
    }
}
