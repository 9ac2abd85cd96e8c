package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.server.chat.ServedNames;
import io.kaitoflow.inference.server.engine.Arithmetic;
import io.kaitoflow.inference.server.engine.EngineModelLoader;
import io.kaitoflow.inference.server.engine.EngineSettings;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.DeviceChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** SmolLM2-135M-Instruct, served. */
class RealModelTest {

    private static final String PATH = "KAITOFLOW_TEST_MODEL";

    @Test
    void answersTheSameWholeAndStreamed() {
        String question = "What is the capital of France?";

        try (ServedModel served = served()) {
            String whole = ServedModel.json(served.post(
                            "/chat", "{\"prompt\":\"" + question + "\",\"generate_kwargs\":{\"max_new_tokens\":32}}"))
                    .path("Result")
                    .asText();
            String streamed = ServedModel.streamed(served.post(
                    "/v1/chat/completions",
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"" + question
                            + "\"}],\"temperature\":0,\"max_tokens\":32,\"stream\":true}"));

            assertThat(whole).contains("Paris").doesNotContain("<|im_end|>");
            assertThat(streamed).isEqualTo(whole);
        }
    }

    @Test
    void writesJsonByASchemaAndSaysLengthWhereItIsCutOff() {
        String schema = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"maxLength\":30},"
                + "\"country\":{\"enum\":[\"France\",\"Spain\"]},\"big\":{\"type\":\"boolean\"}},"
                + "\"required\":[\"city\",\"country\",\"big\"],\"additionalProperties\":false}";
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"The capital of France as JSON\"}],\"temperature\":0,"
                        + "\"max_tokens\":%d,\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"city\",\"schema\":"
                        + schema + "}}}";

        try (ServedModel served = served()) {
            JsonNode whole = ServedModel.json(served.post("/v1/chat/completions", body.formatted(60)))
                    .path("choices")
                    .path(0);
            assertThat(whole.path("finish_reason").asText()).isEqualTo("stop");
            JsonNode city =
                    ServedModel.json(whole.path("message").path("content").asText());
            assertThat(city.path("city").isTextual()).isTrue();
            assertThat(city.path("country").asText()).isIn("France", "Spain");
            assertThat(city.path("big").isBoolean()).isTrue();

            JsonNode cut = ServedModel.json(served.post("/v1/chat/completions", body.formatted(4)))
                    .path("choices")
                    .path(0);
            assertThat(cut.path("finish_reason").asText()).isEqualTo("length");
        }
    }

    private static ServedModel served() {
        String gguf = System.getProperty(PATH, System.getenv(PATH));
        assumeTrue(
                gguf != null,
                () -> "Skipped: set " + PATH + " to the path of SmolLM2-135M-Instruct.Q4_1.gguf,"
                        + " which \"./kaitoflow models pull smollm2-135m-instruct\" fetches.");
        EngineSettings settings = new EngineSettings(
                Path.of(gguf),
                Map.of(),
                new Arithmetic(DeviceChoice.CPU, ComputeType.BFLOAT16, false),
                OptionalInt.of(2),
                8,
                OptionalInt.of(512));
        return ServedModel.with(
                new ServedNames("smollm2", List.of()), new EngineModelLoader(settings), Duration.ofMinutes(2));
    }
}
