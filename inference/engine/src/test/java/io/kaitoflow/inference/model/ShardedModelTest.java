package io.kaitoflow.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tokenizer.TokenizerException;
import io.kaitoflow.inference.weights.SafetensorsFile;
import io.kaitoflow.inference.weights.SafetensorsWriter;
import io.kaitoflow.inference.weights.TensorEntry;
import io.kaitoflow.inference.weights.WeightFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in two shards, whole and broken. */
class ShardedModelTest {
    private static final int[] TEXT = {5, 17, 200, 31};
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";
    private static final String LOST = "model.layers.1.mlp.up_proj.weight";

    @TempDir
    private Path folder;

    @BeforeEach
    void copyConfiguration() throws IOException {
        Files.copy(Reference.path("tiny/llama/config.json"), folder.resolve("config.json"));
    }

    private static boolean isInFirst(String tensor) {
        return tensor.contains("layers.0") || tensor.contains("embed");
    }

    private void writeShards(Predicate<String> left) {
        try (SafetensorsFile whole = SafetensorsFile.open(Reference.path("tiny/llama/model.safetensors"))) {
            write(whole, FIRST, left.and(ShardedModelTest::isInFirst));
            write(whole, SECOND, left.and(name -> !isInFirst(name)));
        }
    }

    private void write(SafetensorsFile whole, String shard, Predicate<String> chosen) {
        var writer = new SafetensorsWriter(Map.of("format", "pt"));
        for (TensorEntry entry : whole.tensors()) {
            if (chosen.test(entry.name())) {
                writer.add(entry.name(), entry.type(), entry.shape(), whole.bytes(entry));
            }
        }
        writer.write(folder.resolve(shard));
    }

    private void writeIndex(Predicate<String> first) throws IOException {
        try (SafetensorsFile whole = SafetensorsFile.open(Reference.path("tiny/llama/model.safetensors"))) {
            String places = whole.tensors().stream()
                    .map(TensorEntry::name)
                    .map(name -> "\"" + name + "\": \"" + (first.test(name) ? FIRST : SECOND) + "\"")
                    .collect(Collectors.joining(", "));
            Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {" + places + "}}");
        }
    }

    @Test
    void shardsComputeTheSameAsOneFile() throws IOException {
        writeShards(name -> true);
        writeIndex(ShardedModelTest::isInFirst);

        try (CausalModel sharded = CausalModel.load(folder, ComputeType.FLOAT32);
                CausalModel whole = CausalModel.load(Reference.path("tiny/llama"), ComputeType.FLOAT32)) {
            assertThat(sharded.base().logits(TEXT)).isDeepEqualTo(whole.base().logits(TEXT));
        }
    }

    @Test
    void anIndexThatNamesTheWrongShardIsRefusedWithTheTensor() throws IOException {
        writeShards(name -> true);
        writeIndex(name -> isInFirst(name) || name.equals(LOST));

        assertThatThrownBy(() -> CausalModel.load(folder, ComputeType.FLOAT32))
                .isInstanceOf(TokenizerException.Damaged.class)
                .hasMessageContaining(LOST)
                .hasMessageContaining(FIRST)
                .hasMessageContaining("fetch the model again");
    }

    @Test
    void aShardThatIsNotThereIsNamed() throws IOException {
        writeShards(name -> true);
        writeIndex(ShardedModelTest::isInFirst);
        Files.delete(folder.resolve(SECOND));

        assertThatThrownBy(() -> CausalModel.load(folder, ComputeType.FLOAT32))
                .isInstanceOf(TokenizerException.Missing.class)
                .hasMessageContaining(SECOND)
                .hasMessageContaining("Fetch the model again");
    }

    @Test
    void aTensorThatIsNotThereIsNamed() throws IOException {
        writeShards(name -> !name.equals(LOST));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"model.norm.weight\": \"" + SECOND + "\", \"model.embed_tokens.weight\": \"" + FIRST
                        + "\"}}");

        assertThatThrownBy(() -> CausalModel.load(folder, ComputeType.FLOAT32))
                .isInstanceOf(WeightFileException.NotFound.class)
                .hasMessageContaining(LOST);
    }

    @Test
    void theEngineListsWhatItRuns() {
        assertThat(Architecture.modelTypes())
                .isEqualTo(List.of("llama", "mistral", "qwen2", "qwen3", "phi3", "gemma2", "gemma3_text"));
    }
}
