package io.kaitoflow.activities.dataset.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.DatasetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadRowsTest {

    private static final String GOOD_CHAT =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello\"}]}\n";

    @TempDir
    private Path folder;

    private RowFiles files;

    @BeforeEach
    void inFolder() {
        files = new RowFiles(folder);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"messages":[{"content":"Hi"}]}                        | message 1: "role" is missing
            {"messages":[{"role":"robot","content":"Hi"}]}         | message 1: role "robot" is unknown; roles are system, user, assistant and tool
            {"messages":[{"role":"user","content":null}]}          | message 1: "content" is missing
            {"messages":[{"role":"user","content":7}]}             | message 1: "content" is a number, not text
            {"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}]} | message 1: "tool_calls" is not trained on; write the call into content as the model spells it, or leave the row out
            {"messages":[{"role":"assistant","content":"","function_call":{"name":"f"}}]} | message 1: "function_call" is not trained on
            {"messages":["Hi"]}                                    | "message 1" is text, not an object with role and content
            {"messages":[]}                                        | "messages" is empty
            {"messages":"Hi"}                                      | "messages" is text, not a list of messages
            {"text":"Hi"}                                          | "messages" is missing
            {"messages":[{"role":"user","content":"Hi"}]}          | no assistant message says anything, so nothing would be learnt
            [1,2]                                                  | the line is not one JSON object
            {"messages":                                           | the line is not one JSON object
            """)
    void aBadChatIsNamedWithFileAndRow(String line, String problem) {
        DataFile file = files.write("chats.jsonl", GOOD_CHAT + line + "\n" + GOOD_CHAT);

        assertThat(RowFiles.problems(file)).singleElement().asString().startsWith("chats.jsonl, row 2: " + problem);
        assertThat(RowFiles.usable(file)).hasSize(2);
    }

    @Test
    void anEmptyListOfCallsIsNoCall() {
        DataFile file = files.write(
                "chats.jsonl",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"Hello\",\"tool_calls\":[]}]}\n");

        assertThat(RowFiles.usable(file)).hasSize(1);
    }

    @Test
    void aRowOfAMegabyteIsARow() {
        DataFile file = files.write("a.jsonl", "{\"text\":\"" + "word ".repeat(200_000) + "\"}\n{\"text\":\"tea\"}\n");

        assertThat(RowFiles.problems(file)).isEmpty();
        assertThat(RowFiles.usable(file)).hasSize(2);
    }

    @Test
    void emptyLinesCountAsLinesButAreNoRows() {
        DataFile file = files.write("a.jsonl", "\n{\"text\":\"one\"}\n\n{\"text\":2}\n");

        assertThat(RowFiles.problems(file)).containsExactly("a.jsonl, row 4: \"text\" is a number, not text.");
        assertThat(RowFiles.usable(file)).hasSize(1);
    }

    @Test
    void anEmptyAnswerIsABadRow() {
        DataFile file = files.write("a.csv", "prompt,completion\nWhy?,Because.\nHow?,\n");

        assertThat(RowFiles.problems(file)).containsExactly("a.csv, row 2: \"completion\" is empty.");
    }

    @Test
    void aLineThatIsNotUtf8IsABadRow() {
        byte[] latin = "{\"text\":\"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] both = (new String(latin, StandardCharsets.ISO_8859_1) + "{\"text\":\"tea\"}\n")
                .getBytes(StandardCharsets.ISO_8859_1);

        DataFile file = files.write("a.jsonl", both);

        assertThat(RowFiles.problems(file))
                .containsExactly("a.jsonl, row 1: the line is not UTF-8 text; save the file as UTF-8.");
        assertThat(RowFiles.usable(file)).containsExactly(new TrainingRow.Text("tea"));
    }

    @Test
    void aCsvRowThatIsNotUtf8IsABadRow() {
        DataFile file = files.write("a.csv", "text\ntea\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(RowFiles.problems(file))
                .containsExactly("a.csv, row 2: the row is not UTF-8 text; save the file as UTF-8.");
        assertThat(RowFiles.usable(file)).containsExactly(new TrainingRow.Text("tea"));
    }

    @Test
    void aCsvRowWithTooManyFieldsIsNamed() {
        DataFile file = files.write("a.csv", "text\ntea\ncoffee,milk\n");

        assertThatThrownBy(() -> RowFiles.read(file))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessageContaining("a.csv, row 2");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstRow() {
        DataFile lines = files.write("a.jsonl", "\uFEFF{\"text\":\"one\"}\n");
        DataFile table = files.write("b.csv", "\uFEFFtext\ntwo\n");

        assertThat(RowFiles.usable(lines, table)).hasSize(2);
    }

    @Test
    void brokenJsonIsNamedWithItsPlace() {
        DataFile file = files.write("a.json", "[{\"text\":\"one\"},\n{\"text\":\"two\"");

        assertThatThrownBy(() -> RowFiles.read(file))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessageContaining("a.json, row 2")
                .hasMessageContaining("line 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.json", "a.csv", "a.parquet"})
    void anEmptyFileIsRefused(String name) {
        DataFile file = files.write(name, "");

        assertThatThrownBy(() -> RowFiles.read(file))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessageContaining(name);
    }

    @Test
    void aHeaderWithoutRowsIsEmpty() {
        DataFile file = files.write("a.csv", "prompt,completion\n");

        assertThatThrownBy(() -> RowFiles.read(file)).hasMessage("a.csv holds no rows.");
    }
}
