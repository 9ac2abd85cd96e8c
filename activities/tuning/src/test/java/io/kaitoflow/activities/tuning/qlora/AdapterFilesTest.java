package io.kaitoflow.activities.tuning.qlora;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.adapter.AdapterFiles;
import io.kaitoflow.activities.tuning.adapter.AdapterOrigin;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.inference.weights.WeightFile;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.QloraRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterFilesTest {

    private static final Path REFERENCE = Path.of("src/test/resources/peft");
    private static final String BASE = "HuggingFaceTB/SmolLM2-135M-Instruct";

    /** The shape of SmolLM2-135M. */
    private static final ModelConfiguration MODEL = new ModelConfiguration(
            Architecture.LLAMA, 49152, 576, 1536, 30, 9, 3, 8192, 1e-5, new RotaryEmbedding(100_000, 64), true);

    private static final QloraRecipe RECIPE =
            new QloraRecipe(4, 16, 0, List.of("v_proj", "q_proj"), false, ComputeType.FP32, true);
    private static final AdapterOrigin ORIGIN =
            new AdapterOrigin(BASE, Digest.parse("sha256:" + "a".repeat(64)), Optional.empty(), Optional.empty());

    @TempDir
    private Path folder;

    @Test
    void configurationIsAsPeftWritesIt() throws IOException {
        write();

        String reference = Files.readString(REFERENCE.resolve("adapter_config.json"));
        assertThat(Files.readString(folder.resolve("adapter_config.json")))
                .isEqualTo(reference.replace("\"v_proj\",\n    \"q_proj\"", "\"q_proj\",\n    \"v_proj\""));
    }

    @Test
    void tensorsHaveTheNamesTypesAndShapesOfPeft() {
        write();

        assertThat(shapes(folder)).isEqualTo(shapes(REFERENCE));
    }

    @Test
    void tensorsHoldTheAdapter() {
        try (Adapter adapter = adapter();
                WeightFile file = WeightFile.open(folder.resolve(written(adapter)))) {
            var module = adapter.layout().modules().getFirst();
            float[] a = file.floats(file.tensor("base_model.model.model.layers.29.self_attn.q_proj.lora_A.weight"));

            assertThat(a).isEqualTo(adapter.a(29, module).toArray(JAVA_FLOAT)).doesNotContain(0f);
            assertThat(file.floats(file.tensor("base_model.model.model.layers.29.self_attn.q_proj.lora_B.weight")))
                    .containsOnly(0f);
        }
    }

    @Test
    void readsBackWhatItWroteAndWhatPeftWrote() {
        try (Adapter adapter = adapter();
                Adapter same = adapter();
                Adapter reference = adapter()) {
            same.memory().fill((byte) 0);
            written(adapter);

            AdapterFiles.read(folder, same);
            AdapterFiles.read(REFERENCE, reference);

            assertThat(same.memory().mismatch(adapter.memory())).isEqualTo(-1);
            assertThat(reference.memory().mismatch(adapter.memory())).isNotNegative();
        }
    }

    @Test
    void originStandsBesideTheTensorsAndAmongTheirMetadata() throws IOException {
        write();

        JsonNode beside =
                new JsonMapper().readTree(folder.resolve("kaitoflow.json").toFile());
        assertThat(beside.get("kaitoflow.base_model").asText()).isEqualTo(BASE);
        assertThat(beside.get("kaitoflow.base_weights").asText()).isEqualTo("sha256:" + "a".repeat(64));
        assertThat(header(folder.resolve(AdapterFiles.TENSORS)))
                .contains("\"format\":\"pt\"")
                .contains("\"kaitoflow.base_model\":\"" + BASE + "\"");
    }

    @Test
    void initialValuesFillTheBoundOfPeft() {
        try (Adapter adapter = adapter()) {
            float[] a = adapter.a(3, adapter.layout().modules().getFirst()).toArray(JAVA_FLOAT);

            float bound = 1f / 24;
            float largest = 0;
            for (float value : a) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(largest).isBetween(0.98f * bound, bound);
        }
    }

    private void write() {
        try (Adapter adapter = adapter()) {
            written(adapter);
        }
    }

    private String written(Adapter adapter) {
        AdapterFiles.write(folder, adapter, RECIPE, ORIGIN);
        return AdapterFiles.TENSORS;
    }

    private static Adapter adapter() {
        Adapter adapter = new Adapter(
                new LoraLayout(MODEL, RECIPE.rank(), RECIPE.scaling(), Set.copyOf(RECIPE.targetModules())),
                MODEL.layers(),
                ComputeDevice.CPU);
        adapter.initialise(42);
        return adapter;
    }

    private static Map<String, String> shapes(Path adapter) {
        try (WeightFile file = WeightFile.open(adapter.resolve(AdapterFiles.TENSORS))) {
            return file.tensors().stream()
                    .collect(Collectors.toMap(entry -> entry.name(), entry -> entry.type() + " " + entry.shape()));
        }
    }

    private static String header(Path file) throws IOException {
        return new String(Files.readAllBytes(file), 8, 4096, StandardCharsets.ISO_8859_1);
    }
}
