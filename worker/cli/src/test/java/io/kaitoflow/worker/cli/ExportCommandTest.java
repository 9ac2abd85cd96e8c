package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.inference.weights.SafetensorsWriter;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {

    @TempDir
    private Path folder;

    /** The smallest model that has a form: one block, its weights all alike. */
    @BeforeEach
    void writeModel() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "vocab_size": 4, "hidden_size": 4, "intermediate_size": 4,
                 "num_attention_heads": 1, "num_hidden_layers": 1, "tie_word_embeddings": true}""");
        SafetensorsWriter weights = new SafetensorsWriter(Map.of());
        List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj")
                .forEach(name -> weights.add("model.layers.0." + name + ".weight", List.of(4L, 4L), new float[16]));
        List.of("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj")
                .forEach(name -> weights.add("model.layers.0." + name + ".weight", List.of(4L, 4L), new float[16]));
        List.of("model.layers.0.input_layernorm", "model.layers.0.post_attention_layernorm", "model.norm")
                .forEach(name -> weights.add(name + ".weight", List.of(4L), new float[4]));
        weights.add("model.embed_tokens.weight", List.of(4L, 4L), new float[16]);
        weights.write(model.resolve("model.safetensors"));
    }

    private Path adapter(int columns) throws IOException {
        Path adapter = Files.createDirectories(folder.resolve("adapter" + columns));
        Files.writeString(adapter.resolve("adapter_config.json"), "{\"r\": 1, \"lora_alpha\": 2}");
        String module = "base_model.model.model.layers.0.mlp.up_proj";
        new SafetensorsWriter(Map.of())
                .add(module + ".lora_A.weight", List.of(1L, (long) columns), new float[columns])
                .add(module + ".lora_B.weight", List.of(4L, 1L), new float[4])
                .write(adapter.resolve("adapter_model.safetensors"));
        return adapter;
    }

    private Invocation export(Path adapter, String target, Object... more) {
        var words = new java.util.ArrayList<Object>(List.of(
                "export",
                folder.resolve("model"),
                "--adapter",
                adapter,
                "--to",
                folder.resolve(target),
                "--home",
                folder.resolve("home")));
        words.addAll(List.of(more));
        return Invocation.of(words.toArray());
    }

    @Test
    void aMergedFolderIsAModelAgain() throws IOException {
        Invocation export = export(adapter(4), "merged");

        assertThat(export.exit()).as(export.err()).isZero();
        assertThat(export.out()).contains(folder.resolve("merged").toString());
        assertThat(folder.resolve("merged/config.json")).content().contains("float32");
        assertThat(export(adapter(4), "again.gguf", "--as", "gguf-adapter").exit())
                .isZero();
        assertThat(folder.resolve("again.gguf")).isRegularFile();
    }

    @Test
    void anAdapterOfAnotherModelIsRefusedWithTheMatrix() throws IOException {
        Invocation export = export(adapter(8), "merged");

        assertThat(export.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(export.err()).contains("mlp.up_proj.lora_A is 1 by 8 where the model needs 1 by 4");
        assertThat(folder.resolve("merged")).doesNotExist();
    }

    @Test
    void aPlaceThatIsTakenIsLeftAsItIs() throws IOException {
        Files.writeString(folder.resolve("taken"), "mine");

        Invocation export = export(adapter(4), "taken");

        assertThat(export.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(export.err()).contains("There is something at " + folder.resolve("taken"));
        assertThat(folder.resolve("taken")).hasContent("mine");
    }

    @Test
    void aFormThatCannotBeMadeIsRefusedWithTheWayOut() throws IOException {
        Invocation merged = export(adapter(4), "merged.gguf", "--as", "gguf");
        Invocation unknown = export(adapter(4), "merged.bin", "--as", "onnx");

        assertThat(merged.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(merged.err()).contains("convert_hf_to_gguf.py");
        assertThat(unknown.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("--as takes gguf, gguf-adapter, safetensors, not \"onnx\"");
    }
}
