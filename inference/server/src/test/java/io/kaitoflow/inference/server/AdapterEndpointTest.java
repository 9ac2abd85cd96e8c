package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.inference.server.adapters.AdapterDoor;
import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.http.Refusal;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters that come and go while the server runs. */
class AdapterEndpointTest {

    @TempDir
    private Path folder;

    private final ScriptedModel model = ScriptedModel.ready();
    private ServedModel served;

    @BeforeEach
    void serve() throws IOException {
        Files.createDirectories(folder.resolve("facts"));
        Files.createDirectories(folder.resolve("broken"));
        served = ServedModel.with(model, Optional.empty(), new AdapterDoor.Callers(folder));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void aLoadedAdapterIsAModelMoreAndAnUnloadedOneIsNone() {
        HttpResponse<String> loaded = load("{\"lora_name\":\"new\",\"lora_path\":\"facts\",\"strength\":0.5}");

        assertThat(loaded.statusCode()).as(loaded.body()).isEqualTo(200);
        assertThat(loaded.body()).isEqualTo("Success: LoRA adapter 'new' added successfully.");
        assertThat(model.loaded()).isEqualTo(Map.of("new", 0.5));
        assertThat(models()).containsExactly("tuned", "new", "base");
        assertThat(ask("new").body()).contains("new heard");

        HttpResponse<String> unloaded = served.post("/v1/unload_lora_adapter", "{\"lora_name\":\"new\"}");

        assertThat(unloaded.statusCode()).isEqualTo(200);
        assertThat(model.loaded()).isEmpty();
        assertThat(ask("new").statusCode()).isEqualTo(404);
    }

    @Test
    void whoeverMetAnAdapterThatIsGoneIsToldWhenToAskAgain() {
        assertThat(Refusal.of(new ChatFailure.AdapterGone("gone")).retryAfter()).hasValue(Duration.ofSeconds(1));
    }

    @Test
    void refusesATakenNameAPlaceOutsideTheFolderAndAnAdapterThatDoesNotFit() {
        assertThat(refused("{\"lora_name\":\"tuned\",\"lora_path\":\"facts\"}")).contains("served already");
        assertThat(refused("{\"lora_name\":\"base\",\"lora_path\":\"facts\"}")).contains("served already");
        assertThat(refused("{\"lora_name\":\"x\",\"lora_path\":\"../../etc\"}")).contains("inside");
        assertThat(refused("{\"lora_name\":\"x\",\"lora_path\":\"/etc\"}")).contains("inside");
        assertThat(refused("{\"lora_name\":\"x\",\"lora_path\":\"none\"}")).contains("inside");
        assertThat(refused("{\"lora_name\":\"x\",\"lora_path\":\"broken\"}")).contains("scripted");
        assertThat(refused("{\"lora_name\":\"a b\",\"lora_path\":\"facts\"}")).contains("lora_name");
        assertThat(refused("{\"lora_name\":\"x\",\"lora_path\":\"facts\",\"strength\":2}"))
                .contains("strength");
        assertThat(models()).containsExactly("tuned", "base");
    }

    @Test
    void aServerWithoutAFolderLetsNoCallerChangeAdapters() {
        try (ServedModel closed = ServedModel.with(ScriptedModel.ready(), Optional.empty(), new AdapterDoor.Closed())) {
            HttpResponse<String> load =
                    closed.post("/v1/load_lora_adapter", "{\"lora_name\":\"x\",\"lora_path\":\"/etc\"}");
            HttpResponse<String> unload = closed.post("/v1/unload_lora_adapter", "{\"lora_name\":\"tuned\"}");

            assertThat(List.of(load.statusCode(), unload.statusCode())).containsOnly(400);
            assertThat(load.body()).contains("--adapter-folder");
            assertThat(closed.get("/v1/models").body()).contains("tuned");
        }
    }

    private String refused(String body) {
        HttpResponse<String> answer = load(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        return ServedModel.json(answer).path("error").path("message").asText();
    }

    private HttpResponse<String> load(String body) {
        return served.post("/v1/load_lora_adapter", body);
    }

    private HttpResponse<String> ask(String name) {
        return served.post("/chat", "{\"model\":\"" + name + "\",\"prompt\":\"hello\"}");
    }

    private List<String> models() {
        return ServedModel.json(served.get("/v1/models")).path("data").findValuesAsText("id");
    }
}
