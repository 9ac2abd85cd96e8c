package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.server.chat.ServedNames;
import io.kaitoflow.inference.server.engine.Arithmetic;
import io.kaitoflow.inference.server.engine.EngineModelLoader;
import io.kaitoflow.inference.server.engine.EngineSettings;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.DeviceChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Where a reply's first space goes, with a tokenizer that drops that of a text's first token. */
@TestInstance(Lifecycle.PER_CLASS)
class FirstSpaceTest {

    @TempDir
    private static Path folder;

    private ServedModel served;

    @BeforeAll
    void serve() throws IOException {
        EngineSettings settings = new EngineSettings(
                SpacedPieces.writeTo(folder),
                Map.of(),
                new Arithmetic(DeviceChoice.CPU, ComputeType.FLOAT32, true),
                OptionalInt.of(1),
                8,
                OptionalInt.of(200));
        served = ServedModel.with(
                new ServedNames("tiny", List.of()), new EngineModelLoader(settings), Duration.ofMinutes(1));
    }

    @AfterAll
    void stop() {
        served.close();
    }

    @Test
    void aCompletionGoesOnWithItsPrompt() {
        assertThat(completion("I").path("text").asText()).startsWith(" w");
        assertThat(completion("<|assistant|>").path("text").asText()).startsWith("w");
    }

    @Test
    void aRawReplyBehindItsPromptIsTheWholeText() {
        String body = "{\"raw\":true,\"prompt\":\"I\",\"return_full_text\":true,"
                + "\"generate_kwargs\":{\"max_new_tokens\":8,\"do_sample\":false}}";

        assertThat(ServedModel.json(served.post("/chat", body)).path("Result").asText())
                .isEqualTo("I" + completion("I").path("text").asText());
    }

    @Test
    void aChatReplyDoesNotBeginWithASpaceThoughItsTokensDo() {
        String goingOn = completion("[INST] e [/INST]").path("text").asText();

        assertThat(goingOn).startsWith(" w");
        assertThat(chat().path("message").path("content").asText()).isEqualTo(goingOn.substring(1));
    }

    @Test
    void theTokensOfAReplyTogetherAreItsText() {
        JsonNode completion = completion("I");
        JsonNode odds = completion.path("logprobs");
        List<String> tokens = texts(odds.path("tokens"));

        assertThat(String.join("", tokens)).isEqualTo(completion.path("text").asText());
        assertThat(odds.path("text_offset").path(1).asInt())
                .isEqualTo(tokens.getFirst().length());
        assertThat(odds.path("top_logprobs"))
                .allSatisfy(place -> assertThat(place).hasSize(5));
    }

    @Test
    void theTokensOfAChatReplyTogetherAreItsText() {
        JsonNode reply = chat();
        List<JsonNode> tokens = list(reply.path("logprobs").path("content"));

        assertThat(tokens.stream().map(token -> token.path("token").asText()).collect(Collectors.joining()))
                .isEqualTo(reply.path("message").path("content").asText());
        assertThat(tokens)
                .filteredOn(token -> token.path("token").asText().startsWith(" "))
                .isNotEmpty()
                .allSatisfy(
                        token -> assertThat(token.path("bytes").path(0).asInt()).isEqualTo(' '));
    }

    private JsonNode completion(String prompt) {
        return ServedModel.json(served.post(
                        "/v1/completions",
                        "{\"prompt\":\"" + prompt + "\",\"max_tokens\":8,\"temperature\":0,\"logprobs\":5}"))
                .path("choices")
                .path(0);
    }

    private JsonNode chat() {
        return ServedModel.json(served.post(
                        "/v1/chat/completions",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"e\"}],\"max_tokens\":8,\"temperature\":0,"
                                + "\"logprobs\":true,\"top_logprobs\":20}"))
                .path("choices")
                .path(0);
    }

    private static List<String> texts(JsonNode array) {
        return list(array).stream().map(JsonNode::asText).toList();
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
