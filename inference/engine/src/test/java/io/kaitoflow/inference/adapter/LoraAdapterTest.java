package io.kaitoflow.inference.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.model.Decoder;
import io.kaitoflow.inference.model.DecoderState;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.model.Reference;
import io.kaitoflow.inference.model.SequenceToken;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraAdapterTest {
    @Test
    void answersAsPeftDoesWithAndWithoutTheAdapter() {
        try (CausalModel model = CausalModel.load(Reference.realModel(), ComputeType.FLOAT32);
                NDManager owner = TorchEngine.newOwner();
                DecoderState state = model.newState(1, 128)) {
            Decoder adapted = model.adaptedBy(LoraAdapter.read(Reference.path("peft/adapter"))
                    .fuse(owner, model.configuration(), model.computeType()));

            for (JsonNode prompt : Reference.json("peft/expected.json").path("prompts")) {
                assertAnswer(adapted, state, prompt, prompt.path("dense_base_with_adapter"));
                assertAnswer(model.base(), state, prompt, prompt.path("dense_base_without_adapter"));
            }
        }
    }

    private static void assertAnswer(Decoder decoder, DecoderState state, JsonNode prompt, JsonNode expected) {
        state.clear(0);
        float[] logits = decoder.prefill(state, 0, Reference.ints(prompt.path("ids")));
        for (JsonNode pair : expected.path("first_top20")) {
            assertThat((double) logits[pair.get(0).asInt()])
                    .isCloseTo(pair.get(1).asDouble(), within(3e-4));
        }
        int[] ids = Reference.ints(expected.path("ids"));
        for (int i = 0; i < ids.length; i++) {
            assertThat(Reference.argMax(logits)).as("token " + i).isEqualTo(ids[i]);
            logits = decoder.decode(state, List.of(new SequenceToken(0, ids[i])))[0];
        }
    }

    @Test
    void readsRankAndScaling() {
        AdapterConfiguration configuration =
                LoraAdapter.read(Reference.path("peft/adapter")).configuration();

        assertThat(configuration).isEqualTo(new AdapterConfiguration(4, 4.0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_dora        | true",
                "modules_to_save | [\"lm_head\"]",
                "rank_pattern    | {\"q_proj\": 8}",
                "alpha_pattern   | {\"q_proj\": 8}",
                "lora_bias       | true",
                "trainable_token_indices | [3]",
                "bias            | \"all\"",
                "peft_type       | \"LOHA\""
            })
    void refusesByNameWhatItDoesNotDo(String key, String value, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("adapter_config.json");
        Files.writeString(file, "{\"r\": 4, \"lora_alpha\": 8, \"" + key + "\": " + value + "}");

        assertThatThrownBy(() -> AdapterConfiguration.read(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(key.equals("peft_type") ? "LOHA" : key);
    }

    @Test
    void rankStabilisedScalingDividesByTheRoot(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("adapter_config.json");
        Files.writeString(file, "{\"r\": 4, \"lora_alpha\": 16, \"use_rslora\": true}");

        assertThat(AdapterConfiguration.read(file).scaling()).isEqualTo(8.0);
    }

    @Test
    void refusesAnAdapterOfAnotherModel() {
        try (CausalModel model = CausalModel.load(Reference.path("tiny/llama"), ComputeType.FLOAT32);
                NDManager owner = TorchEngine.newOwner()) {
            LoraAdapter adapter = LoraAdapter.read(Reference.path("peft/adapter"));

            assertThatThrownBy(() -> adapter.fuse(owner, model.configuration(), model.computeType()))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("q_proj")
                    .hasMessageContaining("4 by 64");
        }
    }
}
