package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.ChatModel;
import io.kaitoflow.inference.server.chat.Draw;
import io.kaitoflow.inference.server.chat.Prompt;
import io.kaitoflow.inference.server.chat.Sampling;
import io.kaitoflow.inference.server.chat.ServedNames;
import io.kaitoflow.inference.server.chat.TokenBudget;
import io.kaitoflow.inference.server.engine.AdapterSource;
import io.kaitoflow.inference.server.engine.Arithmetic;
import io.kaitoflow.inference.server.engine.EngineModelLoader;
import io.kaitoflow.inference.server.engine.EngineSettings;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.DeviceChoice;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The whole server, down to the engine, with a model that the reference program has run too. */
@TestInstance(Lifecycle.PER_CLASS)
class TinyModelTest {

    private static final ServedNames NAMES = new ServedNames("tiny", List.of());

    @TempDir
    private static Path folder;

    private ServedModel served;

    @BeforeAll
    void serve() throws IOException {
        TinyModel.writeTo(folder);
        served = ServedModel.with(NAMES, new EngineModelLoader(settings(Map.of(), 200)), Duration.ofMinutes(1));
    }

    @AfterAll
    void stop() {
        served.close();
    }

    @Test
    void continuesWithTheLikeliestTokenOfTheReference() throws IOException {
        for (JsonNode reference : TinyModel.references()) {
            JsonNode argmax = reference.path("argmax");
            String likeliest = TinyModel.text(argmax.get(argmax.size() - 1).asInt());

            assertThat(answer(TinyModel.text(reference.path("input_ids")), 1)).isEqualTo(likeliest);
        }
    }

    @Test
    void streamsWhatItAnswersWhole() {
        String fields = "\"messages\":[{\"role\":\"user\",\"content\":\"" + TinyModel.text(56)
                + "\"}],\"max_tokens\":30,\"temperature\":0.9,\"seed\":5";

        String whole = ServedModel.json(served.post("/v1/chat/completions", "{" + fields + "}"))
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asText();

        assertThat(whole).isNotEmpty();
        assertThat(ServedModel.streamed(served.post("/v1/chat/completions", "{" + fields + ",\"stream\":true}")))
                .isEqualTo(whole);
    }

    @Test
    void aTemperatureOfAlmostNothingIsGreedy() {
        assertThat(chat(0.9, 7)).isNotEqualTo(chat(0, 7));
        assertThat(chat(1e-40, 7)).isEqualTo(chat(0, 7));
    }

    private String chat(double temperature, int seed) {
        HttpResponse<String> response = served.post(
                "/v1/chat/completions",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"" + TinyModel.text(56)
                        + "\"}],\"max_tokens\":20,\"temperature\":" + temperature + ",\"seed\":" + seed + "}");
        return ServedModel.json(response)
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asText();
    }

    @Test
    void answersManyAtOnceAsEachAlone() {
        List<String> prompts =
                Stream.of(56, 4, 119, 158, 211, 30).map(TinyModel::text).toList();
        List<String> alone = prompts.stream().map(prompt -> answer(prompt, 20)).toList();

        List<CompletableFuture<HttpResponse<String>>> together = prompts.stream()
                .map(prompt ->
                        served.client().sendAsync(served.posted("/chat", body(prompt, 20)), BodyHandlers.ofString()))
                .toList();

        assertThat(together.stream().map(CompletableFuture::join).map(TinyModelTest::result))
                .isEqualTo(alone);
    }

    @Test
    void whoComesToAModelThatAnswersNoMoreIsToComeAgain() {
        Draw draw = new Draw(
                new TokenBudget(1, 1), Sampling.GREEDY, Optional.empty(), OptionalInt.empty(), Optional.empty());
        ChatModel model = new EngineModelLoader(settings(Map.of(), 200)).load();
        model.close();

        assertThatThrownBy(() -> model.start(new Prompt(new int[] {56}), draw)).isInstanceOf(ChatFailure.Busy.class);
    }

    @Test
    void refusesAnAdapterThatIsNotThere() {
        EngineModelLoader loader =
                new EngineModelLoader(settings(Map.of("tuned", new AdapterSource(folder.resolve("none"), 1)), 200));

        assertThatThrownBy(loader::load).hasMessageContaining("none");
    }

    @Test
    void anAdapterThatCannotBeReadOrIsTooStrongIsTheFaultOfWhoeverNamesIt() throws IOException {
        Path unreadable = Files.createDirectories(folder.resolve("unreadable"));
        Files.createDirectories(unreadable.resolve("adapter_config.json"));
        try (ChatModel model = new EngineModelLoader(settings(Map.of(), 200)).load()) {
            assertThatThrownBy(() -> model.loadAdapter("tuned", unreadable, 1))
                    .isInstanceOf(ChatFailure.BadRequest.class)
                    .hasMessageContaining("adapter_config.json");
            assertThatThrownBy(() -> model.loadAdapter("tuned", unreadable, 1.5))
                    .isInstanceOf(ChatFailure.BadRequest.class)
                    .hasMessageContaining("0 to 1, not 1.5");
        }
    }

    @Test
    void refusesAContextBeyondTheModels() {
        EngineModelLoader loader = new EngineModelLoader(settings(Map.of(), 257));

        assertThatThrownBy(loader::load).hasMessageContaining("257").hasMessageContaining("256");
    }

    private static EngineSettings settings(Map<String, AdapterSource> adapters, int context) {
        return new EngineSettings(
                folder,
                adapters,
                new Arithmetic(DeviceChoice.CPU, ComputeType.FLOAT32, true),
                OptionalInt.of(4),
                8,
                OptionalInt.of(context));
    }

    private String answer(String prompt, int tokens) {
        return result(served.post("/chat", body(prompt, tokens)));
    }

    private static String result(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return ServedModel.json(response).path("Result").asText();
    }

    private static String body(String prompt, int tokens) {
        return "{\"raw\":true,\"prompt\":\"" + prompt + "\",\"generate_kwargs\":{\"max_new_tokens\":" + tokens + "}}";
    }
}
