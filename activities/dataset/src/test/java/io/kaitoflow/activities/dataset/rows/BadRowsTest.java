package io.kaitoflow.activities.dataset.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows beside those of {@link BrokenData}. */
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
            {"messages":[{"role":"robot","content":"Hi"}]}         | message 1: role "robot" is unknown; write one of system, user, assistant and tool
            {"messages":[{"role":"user","content":null}]}          | message 1: "content" is missing
            {"messages":[{"role":"user","content":7}]}             | message 1: "content" is a number, not text
            {"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}]} | message 1: "tool_calls" is not trained on; write the call into content as the model spells it, or leave the row out
            {"messages":[{"role":"assistant","content":"","function_call":{"name":"f"}}]} | message 1: "function_call" is not trained on
            {"messages":["Hi"]}                                    | "message 1" is text, not an object with role and content
            {"messages":[]}                                        | "messages" is empty
            {"messages":"Hi"}                                      | "messages" is text, not a list of messages
            {"text":"Hi"}                                          | "messages" is missing
            {"messages":[{"role":"user","content":"Hi"}]}          | no assistant message says anything, so nothing would be learnt
            [1,2]                                                  | the line is JSON, and not one object; write one object a line
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
    void emptyLinesCountAsLinesButAreNoRows() {
        DataFile file = files.write("a.jsonl", "\n{\"text\":\"one\"}\n\n{\"text\":2}\n");

        assertThat(RowFiles.problems(file))
                .containsExactly("a.jsonl, row 4: \"text\" is a number, not text; write it so, or leave the row out.");
        assertThat(RowFiles.usable(file)).hasSize(1);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstRow() {
        DataFile lines = files.write("a.jsonl", "\uFEFF{\"text\":\"one\"}\n");
        DataFile table = files.write("b.csv", "\uFEFFtext\ntwo\n");

        assertThat(RowFiles.usable(lines, table)).hasSize(2);
    }
}
