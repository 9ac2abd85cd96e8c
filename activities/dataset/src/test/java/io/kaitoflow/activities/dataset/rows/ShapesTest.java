package io.kaitoflow.activities.dataset.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.workflows.request.DataRecipe.Columns;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapesTest {

    @TempDir
    private Path folder;

    private RowFiles files;

    @BeforeEach
    void inFolder() {
        files = new RowFiles(folder);
    }

    @Test
    void messagesBecomeAChat() {
        DataFile file = files.write("a.jsonl", """
                {"messages":[{"role":"system","content":"Be short."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}
                """);

        assertThat(RowFiles.usable(file))
                .containsExactly(new TrainingRow.Chat(List.of(
                        new Turn(Role.SYSTEM, "Be short."),
                        new Turn(Role.USER, "Hi"),
                        new Turn(Role.ASSISTANT, "Hello"))));
    }

    @Test
    void conversationsOfHumansAndGptsAreChats() {
        DataFile file = files.write("a.jsonl", """
                {"id":"1","conversations":[{"from":"system","value":"Be short."},{"from":"human","value":"Hi"},{"from":"gpt","value":"Hello"}]}
                """);

        assertThat(RowFiles.usable(file))
                .containsExactly(new TrainingRow.Chat(List.of(
                        new Turn(Role.SYSTEM, "Be short."),
                        new Turn(Role.USER, "Hi"),
                        new Turn(Role.ASSISTANT, "Hello"))));
    }

    @Test
    void aNamedColumnMayHoldSuchConversationsToo() {
        DataFile file = files.write("a.jsonl", """
                {"chat":[{"from":"user","value":"Hi"},{"from":"assistant","value":"Hello"}]}
                {"chat":[{"from":"human","value":"Hi"},{"from":"bard","value":"Hello"}]}
                {"chat":[{"from":"human","value":"Hi"},{"from":"gpt"}]}
                """);
        Columns columns = new Columns(Optional.of("chat"), Optional.empty(), Optional.empty());

        assertThat(RowFiles.read(columns, file))
                .containsExactly(
                        new ReadRow.Usable(
                                new RowOrigin("a.jsonl", 1),
                                new TrainingRow.Chat(
                                        List.of(new Turn(Role.USER, "Hi"), new Turn(Role.ASSISTANT, "Hello")))),
                        new ReadRow.Unusable(
                                new RowOrigin("a.jsonl", 2),
                                "message 2: from \"bard\" is unknown; write one of system, human and gpt, or of"
                                        + " system, user, assistant and tool"),
                        new ReadRow.Unusable(
                                new RowOrigin("a.jsonl", 3),
                                "message 2: \"value\" is missing; add it, or leave the row out"));
    }

    @Test
    void promptAndCompletionBecomeACompletion() {
        DataFile file = files.write("a.jsonl", "{\"prompt\":\"2+2=\",\"completion\":\"4\"}\n");

        assertThat(RowFiles.usable(file)).containsExactly(new TrainingRow.Completion("2+2=", "4"));
    }

    @Test
    void theInputOfAnInstructionStandsUnderIt() {
        DataFile file = files.write("a.json", """
                [{"instruction":"Translate.","input":"Haus","output":"house"},
                 {"instruction":"Greet.","input":"","output":"Hello"},
                 {"instruction":"Leave.","output":"Bye"}]
                """);

        assertThat(RowFiles.usable(file))
                .containsExactly(
                        new TrainingRow.Completion("Translate.\n\nHaus", "house"),
                        new TrainingRow.Completion("Greet.", "Hello"),
                        new TrainingRow.Completion("Leave.", "Bye"));
    }

    @Test
    void textStaysText() {
        DataFile file = files.write("a.csv", "id,text\n1,\"In the beginning, light.\"\n");

        assertThat(RowFiles.usable(file)).containsExactly(new TrainingRow.Text("In the beginning, light."));
    }

    @Test
    void namedColumnsReplaceTheUsualOnes() {
        DataFile file = files.write("a.jsonl", "{\"question\":\"Why?\",\"answer\":\"Because.\",\"text\":\"noise\"}\n");
        Columns columns = new Columns(Optional.empty(), Optional.of("question"), Optional.of("answer"));

        assertThat(RowFiles.read(columns, file))
                .containsExactly(new ReadRow.Usable(
                        new RowOrigin("a.jsonl", 1), new TrainingRow.Completion("Why?", "Because.")));
    }

    @Test
    void filesAreConcatenatedInOrder() {
        DataFile first = files.write("b.jsonl", "{\"text\":\"one\"}\n");
        DataFile second = files.write("a.csv", "text\ntwo\n");

        assertThat(RowFiles.usable(first, second))
                .containsExactly(new TrainingRow.Text("one"), new TrainingRow.Text("two"));
    }

    @Test
    void filesOfDifferentShapesAreRefused() {
        DataFile first = files.write("a.jsonl", "{\"text\":\"one\"}\n");
        DataFile second = files.write("b.jsonl", "{\"prompt\":\"p\",\"completion\":\"c\"}\n");

        assertThatThrownBy(() -> RowFiles.read(first, second))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessage("The files have different shapes: a.jsonl has text, b.jsonl has completion, prompt;"
                        + " give all files the same columns.");
    }

    @Test
    void missingColumnsAreNamedWithWhatWasFoundAndWhatIsAccepted() {
        DataFile file = files.write("a.jsonl", "{\"question\":\"Why?\",\"answer\":\"Because.\"}\n");

        assertThatThrownBy(() -> RowFiles.read(file))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessageContaining("a.jsonl, row 1: no usable column among answer, question")
                .hasMessageContaining("prompt and completion")
                .hasMessageContaining("messages_column");
    }

    @Test
    void aNamedColumnThatIsMissingIsSaid() {
        DataFile file = files.write("a.jsonl", "{\"text\":\"one\"}\n");
        Columns columns = new Columns(Optional.of("chat"), Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> RowFiles.read(columns, file)).hasMessageContaining("DatasetConfig names chat");
    }
}
