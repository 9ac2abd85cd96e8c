package io.kaitoflow.activities.tuning.qlora;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.adapter.InitialAdapter;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training goes on from what PEFT wrote for SmolLM2-135M: rank 4, alpha 16, q_proj and v_proj. */
class InitialAdapterTest {

    private static final Path PEFT = Path.of("src/test/resources/peft");
    private static final ModelConfiguration MODEL = model(576);

    @TempDir
    private Path folder;

    private static ModelConfiguration model(int hidden) {
        return new ModelConfiguration(
                Architecture.LLAMA, 49152, hidden, 1536, 30, 9, 3, 8192, 1e-5, new RotaryEmbedding(100_000, 64), true);
    }

    private static Adapter fresh(int rank, double scaling, String... targets) {
        Adapter adapter =
                new Adapter(new LoraLayout(MODEL, rank, scaling, Set.of(targets)), MODEL.layers(), ComputeDevice.CPU);
        adapter.initialise(7);
        return adapter;
    }

    private static void begin(Adapter adapter) {
        InitialAdapter.read(PEFT, "team/adapter:1").copyTo(adapter, MODEL);
    }

    @Test
    void itsProductsAreTheSameUnderAnotherScaling() {
        try (Adapter same = fresh(4, 4, "q_proj", "v_proj");
                Adapter halved = fresh(4, 8, "q_proj", "v_proj")) {
            begin(same);
            begin(halved);

            LoraLayout.Module module = same.layout().modules().getLast();
            float[] b = same.b(29, module).toArray(JAVA_FLOAT);
            assertThat(b).isNotEqualTo(new float[b.length]);
            float[] twice = halved.b(29, module).toArray(JAVA_FLOAT);
            for (int i = 0; i < twice.length; i++) {
                twice[i] *= 2;
            }
            assertThat(twice).isEqualTo(b);
            assertThat(halved.a(29, module).mismatch(same.a(29, module))).isEqualTo(-1);
        }
    }

    @Test
    void modulesThatItDoesNotHaveBeginAnew() {
        try (Adapter adapter = fresh(4, 4, "q_proj", "v_proj", "down_proj");
                Adapter untouched = fresh(4, 4, "q_proj", "v_proj", "down_proj")) {
            begin(adapter);

            LoraLayout.Module down = adapter.layout().modules().getLast();
            assertThat(down.part().shortName()).isEqualTo("down_proj");
            assertThat(adapter.a(0, down).mismatch(untouched.a(0, down))).isEqualTo(-1);
            assertThat(adapter.b(0, down).toArray(JAVA_FLOAT)).containsOnly(0f);
        }
    }

    @Test
    void anotherRankIsRefusedWithTheOneToWrite() {
        try (Adapter adapter = fresh(8, 1, "q_proj", "v_proj")) {
            assertThatThrownBy(() -> begin(adapter))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("team/adapter:1 has rank 4 and the recipe has r 8. Write r: 4.");
        }
    }

    @Test
    void aModuleThatWouldBeLostIsNamed() {
        try (Adapter adapter = fresh(4, 4, "q_proj")) {
            assertThatThrownBy(() -> begin(adapter))
                    .hasMessageContaining("has v_proj, which target_modules leaves out");
        }
    }

    @Test
    void anAdapterOfAnotherModelIsNamedWithItsMatrix() {
        try (Adapter adapter = fresh(4, 4, "q_proj", "v_proj")) {
            InitialAdapter initial = InitialAdapter.read(PEFT, "team/adapter:1");

            assertThatThrownBy(() -> initial.copyTo(adapter, model(640)))
                    .hasMessageContaining("team/adapter:1 does not fit")
                    .hasMessageContaining("q_proj.lora_A is 4 by 576 where the model needs 4 by 640");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"use_dora\": true",
                "\"modules_to_save\": [\"lm_head\"]",
                "\"rank_pattern\": {\"q_proj\": 8}",
                "\"alpha_pattern\": {\"q_proj\": 8}",
                "\"lora_bias\": true",
                "\"trainable_token_indices\": [1]"
            })
    void whatIsNotDoneHereIsRefusedByName(String setting) throws IOException {
        Files.copy(PEFT.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.safetensors"));
        Files.writeString(folder.resolve("adapter_config.json"), "{\"r\": 4, \"lora_alpha\": 16, " + setting + "}");

        assertThatThrownBy(() -> InitialAdapter.read(folder, "team/adapter:1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(setting.substring(1, setting.indexOf('"', 1)));
    }

    @Test
    void anAdapterThatWasCutShortIsNamed() throws IOException {
        Files.copy(PEFT.resolve("adapter_config.json"), folder.resolve("adapter_config.json"));
        byte[] whole = Files.readAllBytes(PEFT.resolve("adapter_model.safetensors"));
        Files.write(folder.resolve("adapter_model.safetensors"), Arrays.copyOf(whole, whole.length - 64));

        assertThatThrownBy(() -> InitialAdapter.read(folder, "team/adapter:1"))
                .hasMessageContaining(
                        folder.resolve("adapter_model.safetensors").toString());
    }

    @Test
    void anAdapterWithValuesThatAreNoNumbersIsNamedWithItsMatrix() throws IOException {
        String matrix = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
        Files.copy(PEFT.resolve("adapter_config.json"), folder.resolve("adapter_config.json"));
        new SafetensorsWriter(Map.of())
                .add(matrix, List.of(4L, 1L), new float[] {1, Float.NaN, 1, 1})
                .write(folder.resolve("adapter_model.safetensors"));

        assertThatThrownBy(() -> InitialAdapter.read(folder, "team/adapter:1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(matrix, folder.toString(), "no finite numbers", "an earlier checkpoint");
    }

    @Test
    void anAdapterWithoutMatricesIsRefused() throws IOException {
        Files.copy(PEFT.resolve("adapter_config.json"), folder.resolve("adapter_config.json"));
        new SafetensorsWriter(Map.of("format", "pt")).write(folder.resolve("adapter_model.safetensors"));

        assertThatThrownBy(() -> InitialAdapter.read(folder, "team/adapter:1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(folder.toString(), "holds no matrix", "Fetch it again");
    }
}
