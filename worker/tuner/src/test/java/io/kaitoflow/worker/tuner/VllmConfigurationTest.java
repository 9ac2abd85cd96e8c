package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.worker.tuner.VllmConfiguration.Brought;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VllmConfigurationTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path MODEL = Path.of("/models/base");

    @TempDir
    private Path folder = Path.of("");

    private Brought adapter(String name, int rank, double strength) throws IOException {
        Path adapter = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"r\": " + rank + ", \"lora_alpha\": 32, \"peft_type\": \"LORA\"}");
        Files.writeString(adapter.resolve("adapter_model.safetensors"), "weights of " + name);
        return new Brought(name, adapter, strength);
    }

    private JsonNode written(Brought... adapters) throws IOException {
        return JSON.readTree(new VllmConfiguration(folder.resolve("served")).write(MODEL, List.of(adapters)));
    }

    @Test
    void aModelAloneIsServedWithoutAdapters() throws IOException {
        assertThat(written()).isEqualTo(JSON.readTree("{\"model\": \"/models/base\"}"));
    }

    @Test
    void theGreatestRankIsOneThatVllmKnows() throws IOException {
        JsonNode written = written(adapter("law", 4, 1), adapter("sea", 20, 1));

        assertThat(written.path("max-lora-rank").asInt()).isEqualTo(32);
        assertThat(written.path("max-loras").asInt()).isEqualTo(2);
        assertThat(written.path("enable-lora").asBoolean()).isTrue();
        assertThat(JSON.readTree(written.path("lora-modules").path(0).asText()))
                .isEqualTo(JSON.readTree("{\"name\": \"law\", \"path\": \"" + folder.resolve("law") + "\"}"));
    }

    @Test
    void anAdapterThatCountsLessHasTheSameWeightsAndLessAlpha() throws IOException {
        JsonNode written = written(adapter("law", 8, 0.25));

        Path scaled = Path.of(JSON.readTree(written.path("lora-modules").path(0).asText())
                .path("path")
                .asText());
        assertThat(JSON.readTree(scaled.resolve("adapter_config.json").toFile()))
                .isEqualTo(JSON.readTree("{\"r\": 8, \"lora_alpha\": 8.0, \"peft_type\": \"LORA\"}"));
        assertThat(scaled.resolve("adapter_model.safetensors")).hasContent("weights of law");
        assertThat(folder.resolve("law").resolve("adapter_config.json"))
                .content()
                .contains("32");
    }

    @Test
    void aRankThatVllmDoesNotServeIsRefused() throws IOException {
        Brought wide = adapter("law", 1024, 1);

        assertThatThrownBy(() -> written(wide))
                .isInstanceOf(ImageException.NotAnAdapter.class)
                .hasMessageContaining("rank 1024")
                .hasMessageContaining("at most 512");
    }
}
