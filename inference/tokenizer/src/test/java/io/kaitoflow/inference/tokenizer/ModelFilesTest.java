package io.kaitoflow.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.inference.chat.ChatMessage;
import io.kaitoflow.inference.weights.GgufFile;
import io.kaitoflow.inference.weights.SafetensorsWriter;
import io.kaitoflow.inference.weights.WeightFileException;
import io.kaitoflow.inference.weights.WeightSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {

    private static final List<ChatMessage> CHAT = List.of(ChatMessage.user("hi"), ChatMessage.assistant("ho"));

    @TempDir
    Path folder;

    @Test
    void aFolderWithOneGgufFileIsThatModel() throws IOException {
        Path file = Files.write(
                folder.resolve("model.gguf"), ByteTokens.gguf("gpt-2").toByteArray());

        ModelFiles model = ModelFiles.at(folder);

        assertThat(model).isEqualTo(ModelFiles.at(file));
        assertThat(model.weightFiles()).containsExactly(file);
        assertThat(model.configuration()).isEmpty();
        assertThat(model.chatTemplate().render(CHAT, false)).isEqualTo("<|start|>hi<|end|>ho<|end|>");
    }

    @Test
    void theTokensOfAGgufFileBecomeThoseOfAFolder() throws IOException {
        Path file = Files.write(
                folder.resolve("model.gguf"), ByteTokens.gguf("gpt-2").toByteArray());
        Path copy = Files.createDirectories(folder.resolve("copy"));

        ModelFiles.at(file).describeTokensIn(copy);
        Files.writeString(copy.resolve("config.json"), "{}");

        assertThat(ModelFiles.at(copy).chatTemplate().render(CHAT, false)).isEqualTo("<|start|>hi<|end|>ho<|end|>");
        try (Tokenizer before = ModelFiles.at(file).tokenizer();
                Tokenizer after = ModelFiles.at(copy).tokenizer()) {
            assertThat(after.digest()).isEqualTo(before.digest());
            assertThat(after.stopIds()).isEqualTo(before.stopIds());
            assertThat(after.bosId()).isEqualTo(before.bosId());
        }
        Path again = Files.createDirectories(folder.resolve("again"));
        ModelFiles.at(copy).describeTokensIn(again);
        assertThat(again.resolve("tokenizer.json")).hasSameTextualContentAs(copy.resolve("tokenizer.json"));
    }

    @Test
    void whatHoldsNoModelSaysWhatWasLookedFor() throws IOException {
        assertThatThrownBy(() -> ModelFiles.at(folder.resolve("absent")))
                .isInstanceOf(TokenizerException.Missing.class)
                .hasMessageContaining("no such file or folder");
        assertThatThrownBy(() -> ModelFiles.at(folder)).hasMessageContaining("no config.json and 0 .gguf files");
        Files.writeString(folder.resolve("a.gguf"), "");
        Files.writeString(folder.resolve("b.gguf"), "");
        assertThatThrownBy(() -> ModelFiles.at(folder)).hasMessageContaining("2 .gguf files");
    }

    @Test
    void shardsAreOneSetOfTensors() throws IOException {
        write("config.json", "{}");
        write(
                "model.safetensors.index.json",
                "{\"weight_map\":{\"b\":\"model-2.safetensors\",\"a\":\"model-1.safetensors\"}}");
        new SafetensorsWriter(Map.of())
                .add("a", List.of(1L), new float[] {1})
                .write(folder.resolve("model-1.safetensors"));
        new SafetensorsWriter(Map.of())
                .add("b", List.of(1L), new float[] {2})
                .write(folder.resolve("model-2.safetensors"));

        try (WeightSet weights = ModelFiles.at(folder).openWeights()) {
            assertThat(weights.names()).containsExactlyInAnyOrder("a", "b");
            assertThat(weights.floats("b")).containsExactly(2);
            assertThat(weights.tensor("a").shape()).containsExactly(1L);
            assertThatThrownBy(() -> weights.tensor("c"))
                    .isInstanceOf(WeightFileException.NotFound.class)
                    .hasMessageContaining("2 weight files of " + folder + "; the nearest are a, b");
        }
        Files.copy(folder.resolve("model-1.safetensors"), folder.resolve("again.safetensors"));
        assertThatThrownBy(() -> WeightSet.open(
                        List.of(folder.resolve("model-1.safetensors"), folder.resolve("again.safetensors"))))
                .hasMessageContaining("The tensor a is in");
    }

    @Test
    void aShardOutsideTheFolderIsRefused() throws IOException {
        write("config.json", "{}");
        write("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"../secret.safetensors\"}}");

        assertThatThrownBy(() -> ModelFiles.at(folder).weightFiles())
                .isInstanceOf(TokenizerException.Damaged.class)
                .hasMessageContaining("which is no file of its folder");
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        write("config.json", "{}");
        ModelFiles model = ModelFiles.at(folder);

        assertThatThrownBy(model::weightFiles).hasMessageContaining("neither model.safetensors nor");
        assertThatThrownBy(model::tokenizer).hasMessageContaining("No tokenizer.json in");
        assertThatThrownBy(model::chatTemplate).hasMessageContaining("No chat template in");
        write("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"model-1.safetensors\"}}");
        assertThatThrownBy(model::weightFiles).hasMessageContaining("model-1.safetensors that");
    }

    @Test
    void theDigestOfOneFileIsItsOwn() throws IOException {
        write("config.json", "{}");
        write("model.safetensors", "abc");

        assertThat(ModelFiles.at(folder).weightsDigest().hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void theDigestOfShardsIsThatOfTheirSums() throws IOException {
        write("config.json", "{}");
        write("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"x\",\"b\":\"y\"}}");
        write("x", "abc");
        write("y", "abc");

        String sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertThat(ModelFiles.at(folder).weightsDigest()).isEqualTo(Sha256.ofText(sum + "  x\n" + sum + "  y\n"));
    }

    @Test
    void theMarksComeFromTheSeveralFilesOfAFolder() throws IOException {
        writeTokenizer("{}");
        write("config.json", "{\"eos_token_id\": 1}");
        write("generation_config.json", "{\"eos_token_id\": [257, 256]}");
        write(
                "tokenizer_config.json",
                "{\"bos_token\": {\"content\": \"<|start|>\"}, \"eos_token\": \"<|end|>\", \"add_bos_token\": true}");

        try (Tokenizer tokenizer = ModelFiles.at(folder).tokenizer()) {
            assertThat(tokenizer.bosId()).hasValue(ByteTokens.TURN_START);
            assertThat(tokenizer.eosId()).isEqualTo(ByteTokens.TURN_END);
            assertThat(tokenizer.stopIds()).containsExactlyInAnyOrder(256, 257);
            assertThat(tokenizer.encode("hello", SpecialTokens.PLAIN)).containsExactly(ByteTokens.HELLO);
        }
    }

    @Test
    void withoutAFlagThePostProcessorSaysWhatGoesFirst() throws IOException {
        writeTokenizer(
                "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"<|start|>\",\"type_id\":0}},"
                        + "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"pair\":[{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},"
                        + "{\"Sequence\":{\"id\":\"B\",\"type_id\":0}}],\"special_tokens\":"
                        + "{\"<|start|>\":{\"id\":\"<|start|>\",\"ids\":[256],\"tokens\":[\"<|start|>\"]}}}");
        write("config.json", "{\"eos_token_id\": 257}");
        write("tokenizer_config.json", "{\"bos_token\": \"<|start|>\"}");

        try (Tokenizer tokenizer = ModelFiles.at(folder).tokenizer()) {
            assertThat(tokenizer.bosId()).hasValue(ByteTokens.TURN_START);
            assertThat(tokenizer.eosId()).isEqualTo(ByteTokens.TURN_END);
            assertThat(tokenizer.encode("hello", SpecialTokens.RECOGNISED)).containsExactly(ByteTokens.HELLO);
        }
    }

    @Test
    void aTokenizerThatNothingEndsIsRefused() throws IOException {
        writeTokenizer("{}");
        write("config.json", "{}");

        assertThatThrownBy(() -> ModelFiles.at(folder).tokenizer())
                .isInstanceOf(TokenizerException.Missing.class)
                .hasMessageContaining("Add eos_token to tokenizer_config.json");
    }

    @Test
    void aBrokenTokenizerIsNamed() throws IOException {
        write("config.json", "{\"eos_token_id\": 1}");
        write("tokenizer.json", "{\"model\": {}}");

        assertThatThrownBy(() -> ModelFiles.at(folder).tokenizer())
                .isInstanceOf(TokenizerException.Damaged.class)
                .hasMessageContaining("tokenizer.json was refused");
        write("tokenizer.json", "{");
        assertThatThrownBy(() -> ModelFiles.at(folder).tokenizer()).hasMessageContaining("is not JSON");
    }

    @Test
    void aTemplateFileWinsOverTheEntryAndTheDefaultOverOtherNames() throws IOException {
        write("config.json", "{}");
        write(
                "tokenizer_config.json",
                "{\"eos_token\": \"<|end|>\", \"chat_template\": [{\"name\": \"rag\", \"template\": \"r\"},"
                        + "{\"name\": \"default\", \"template\": \"d{{ eos_token }}\"}]}");

        assertThat(ModelFiles.at(folder).chatTemplate().render(CHAT, false)).isEqualTo("d<|end|>");
        write("chat_template.jinja", "f{{ eos_token }}\n");
        assertThat(ModelFiles.at(folder).chatTemplate().render(CHAT, false)).isEqualTo("f<|end|>");
    }

    /** A tokenizer.json of single bytes with this post-processor; an empty object means none. */
    private void writeTokenizer(String postProcessor) throws IOException {
        Path file = Files.write(
                folder.resolve("source.gguf"), ByteTokens.gguf("gpt-2").toByteArray());
        try (GgufFile gguf = GgufFile.open(file)) {
            String json = new GgufTokenizer(gguf.metadata())
                    .definition(Optional.empty())
                    .json();
            String replaced = postProcessor.equals("{}")
                    ? json
                    : json.replace("\"post_processor\":null", "\"post_processor\":" + postProcessor);
            write("tokenizer.json", replaced);
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
