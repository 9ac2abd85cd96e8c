package io.kaitoflow.inference.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.export.ModelExport.Form;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.model.Reference;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.tokenizer.SpecialTokens;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import io.kaitoflow.inference.weights.ElementType;
import io.kaitoflow.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written answers as base and adapter do together. */
class ModelExportTest {
    private static final int[] TEXT = {5, 17, 200, 31, 99, 4};

    @TempDir
    private Path folder;

    private Path adapterOf(Path model) throws IOException {
        try (Checkpoint base = Checkpoint.open(model)) {
            return RandomAdapter.write(folder.resolve("adapter"), base.configuration());
        }
    }

    private static float[][] logits(Path model) {
        try (CausalModel loaded = CausalModel.load(model, ComputeType.FLOAT32)) {
            return loaded.base().logits(TEXT);
        }
    }

    private static float[][] logits(Path model, Path adapter) {
        try (CausalModel loaded = CausalModel.load(model, ComputeType.FLOAT32);
                NDManager owner = TorchEngine.newOwner()) {
            return loaded.adaptedBy(LoraAdapter.read(adapter).fuse(owner, loaded.configuration(), loaded.computeType()))
                    .logits(TEXT);
        }
    }

    private static void assertAlike(float[][] actual, float[][] expected, float allowed) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).usingComparatorWithPrecision(allowed).containsExactly(expected[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama3", "mistral", "qwen2", "qwen3", "phi3", "phi4mini", "gemma2", "gemma3"})
    void aMergedFolderAnswersAsBaseAndAdapter(String name) throws IOException {
        Path model = Reference.path("tiny/" + name);
        Path adapter = adapterOf(model);
        Path merged = folder.resolve("merged");

        new ModelExport(model, adapter, Optional.of(ElementType.F32)).write(Form.SAFETENSORS, merged);

        float[][] tuned = logits(model, adapter);
        assertAlike(logits(merged), tuned, 1e-4f);
        assertThat(largestDistance(logits(model), tuned)).isGreaterThan(0.05f);
    }

    @Test
    void shardsAnswerAsOneFile() throws IOException {
        Path model = Reference.path("tiny/llama");
        Path adapter = adapterOf(model);
        Path sharded = folder.resolve("sharded");
        try (Checkpoint base = Checkpoint.open(model)) {
            new SafetensorsExport(
                            ModelFiles.at(model),
                            base,
                            new MergedModel(base, LoraAdapter.read(adapter)),
                            Optional.of(ElementType.F32),
                            100_000)
                    .write(sharded);
        }

        assertThat(sharded.resolve("model.safetensors")).doesNotExist();
        assertThat(sharded.resolve("model.safetensors.index.json")).content().contains("model-00002-of-");
        assertAlike(logits(sharded), logits(model, adapter), 1e-4f);
    }

    @Test
    void aMergedGgufAnswersAsBaseAndAdapter() throws IOException {
        Path folderModel = Reference.path("tiny/llama");
        Path adapter = adapterOf(folderModel);
        Path base = TinyGguf.write(folder.resolve("base.gguf"), folderModel);
        Path merged = folder.resolve("merged.gguf");
        assertAlike(logits(base), logits(folderModel), 1e-6f);

        new ModelExport(base, adapter, Optional.of(ElementType.F32)).write(Form.GGUF, merged);

        assertAlike(logits(merged), logits(folderModel, adapter), 1e-4f);
        try (GgufFile file = GgufFile.open(merged)) {
            assertThat(file.metadata().text("general.architecture")).isEqualTo("llama");
            assertThat(file.metadata().whole("general.file_type")).isZero();
        }
    }

    @Test
    void anAdapterAloneHoldsTheProductsThatTheMergedFileHasMore() throws IOException {
        Path folderModel = Reference.path("tiny/llama");
        Path adapter = adapterOf(folderModel);
        Path base = TinyGguf.write(folder.resolve("base.gguf"), folderModel);
        ModelExport export = new ModelExport(base, adapter, Optional.of(ElementType.F32));

        export.write(Form.GGUF, folder.resolve("merged.gguf"));
        export.write(Form.GGUF_ADAPTER, folder.resolve("adapter.gguf"));

        try (GgufFile before = GgufFile.open(base);
                GgufFile after = GgufFile.open(folder.resolve("merged.gguf"));
                GgufFile alone = GgufFile.open(folder.resolve("adapter.gguf"))) {
            assertThat(alone.metadata().text("general.type")).isEqualTo("adapter");
            assertThat(alone.metadata().text("adapter.type")).isEqualTo("lora");
            double scale = alone.metadata().real("adapter.lora.alpha") / RandomAdapter.RANK;
            for (String name : new String[] {"blk.1.attn_q.weight", "blk.0.attn_v.weight", "blk.1.ffn_down.weight"}) {
                float[] a = alone.floats(alone.tensor(name + ".lora_a"));
                float[] b = alone.floats(alone.tensor(name + ".lora_b"));
                float[] old = before.floats(before.tensor(name));
                float[] fresh = after.floats(after.tensor(name));
                int columns = a.length / RandomAdapter.RANK;
                for (int i = 0; i < fresh.length; i++) {
                    double product = 0;
                    for (int k = 0; k < RandomAdapter.RANK; k++) {
                        product += (double) b[i / columns * RandomAdapter.RANK + k] * a[k * columns + i % columns];
                    }
                    assertThat((double) fresh[i]).isCloseTo(old[i] + scale * product, within(1e-6));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"phi3", "qwen3", "gemma3"})
    void anAdapterAloneIsWrittenForEveryFamilyUnderItsOwnNames(String name) throws IOException {
        Path model = Reference.path("tiny/" + name);
        Path target = folder.resolve("adapter.gguf");

        new ModelExport(model, adapterOf(model), Optional.empty()).write(Form.GGUF_ADAPTER, target);

        try (GgufFile file = GgufFile.open(target)) {
            assertThat(file.metadata().text("general.architecture")).isEqualTo(name);
            assertThat(file.has("blk.0." + (name.equals("phi3") ? "attn_qkv" : "attn_q") + ".weight.lora_a"))
                    .isTrue();
        }
    }

    @Test
    void whatDoesNotFitIsNamedAndNothingIsLeft() throws IOException {
        Path other = adapterOf(Reference.path("tiny/qwen3"));
        Path target = folder.resolve("merged");

        assertThatThrownBy(() -> new ModelExport(Reference.path("tiny/phi3"), other, Optional.empty())
                        .write(Form.SAFETENSORS, target))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("lora_A is 3 by ")
                .hasMessageContaining("Use the base model that the adapter was trained on");
        assertThat(target).doesNotExist();
    }

    @Test
    void theRealModelBecomesAFolderWithItsTokenizer() throws IOException {
        Path model = Reference.realModel();
        Path adapter = Reference.path("peft/adapter");
        Path merged = folder.resolve("merged");

        new ModelExport(model, adapter, Optional.of(ElementType.F32)).write(Form.SAFETENSORS, merged);

        assertAlike(logits(merged), logits(model, adapter), 3e-4f);
        String text = "Where is the <|im_start|> observatory? 1234 ßü\n";
        try (Tokenizer before = ModelFiles.at(model).tokenizer();
                Tokenizer after = ModelFiles.at(merged).tokenizer()) {
            assertThat(after.encode(text, SpecialTokens.RECOGNISED))
                    .isEqualTo(before.encode(text, SpecialTokens.RECOGNISED));
            assertThat(after.digest()).isEqualTo(before.digest());
        }
        assertThat(ModelFiles.at(merged).chatTemplate().source())
                .isEqualTo(ModelFiles.at(model).chatTemplate().source());
        assertThat(Files.size(merged.resolve("model.safetensors"))).isGreaterThan(500_000_000L);
    }

    private static float largestDistance(float[][] one, float[][] other) {
        float largest = 0;
        for (int i = 0; i < one.length; i++) {
            for (int j = 0; j < one[i].length; j++) {
                largest = Math.max(largest, Math.abs(one[i][j] - other[i][j]));
            }
        }
        return largest;
    }
}
