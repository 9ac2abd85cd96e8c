package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.inference.server.chat.ServedNames;
import io.kaitoflow.inference.server.engine.EngineModelLoader;
import io.kaitoflow.inference.server.engine.EngineSettings;
import io.kaitoflow.inference.tensor.ComputeType;
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
        String gguf = System.getProperty(PATH, System.getenv(PATH));
        assumeTrue(
                gguf != null,
                () -> "Skipped: set " + PATH + " to the path of SmolLM2-135M-Instruct.Q4_1.gguf,"
                        + " which \"./kaitoflow models pull smollm2-135m-instruct\" fetches.");
        EngineSettings settings =
                new EngineSettings(Path.of(gguf), Map.of(), ComputeType.BFLOAT16, 2, 8, OptionalInt.of(512));
        String question = "What is the capital of France?";

        try (ServedModel served = ServedModel.with(
                new ServedNames("smollm2", List.of()), new EngineModelLoader(settings), Duration.ofMinutes(2))) {
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
}
