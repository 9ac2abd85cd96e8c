package io.kaitoflow.activities.tuning;

import io.kaitoflow.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** A model of one block as a folder of the model hub, sound until a tensor is replaced. */
final class SmallFolder {

    private static final int HIDDEN = 64;

    private final Path folder;
    private final Map<String, float[]> tensors = new TreeMap<>();
    private final Map<String, List<Long>> shapes = new TreeMap<>();

    SmallFolder(Path folder) {
        this.folder = folder;
        Random random = new Random(3);
        for (String module : List.of(
                "self_attn.q_proj",
                "self_attn.k_proj",
                "self_attn.v_proj",
                "self_attn.o_proj",
                "mlp.gate_proj",
                "mlp.up_proj",
                "mlp.down_proj")) {
            put("model.layers.0." + module + ".weight", values(random, HIDDEN * HIDDEN), HIDDEN, HIDDEN);
        }
        for (String norm :
                List.of("model.layers.0.input_layernorm", "model.layers.0.post_attention_layernorm", "model.norm")) {
            put(norm + ".weight", values(random, HIDDEN), HIDDEN);
        }
        put("model.embed_tokens.weight", values(random, 4 * HIDDEN), 4, HIDDEN);
    }

    private static float[] values(Random random, int count) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    SmallFolder put(String name, float[] values, long... shape) {
        tensors.put(name, values);
        shapes.put(name, Arrays.stream(shape).boxed().toList());
        return this;
    }

    SmallFolder without(String name) {
        tensors.remove(name);
        return this;
    }

    /** One value is not what it was. */
    SmallFolder with(String name, int place, float value) {
        Objects.requireNonNull(tensors.get(name))[place] = value;
        return this;
    }

    Path write() throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "vocab_size": 4, "hidden_size": 64, "intermediate_size": 64,
                 "num_attention_heads": 2, "num_hidden_layers": 1, "tie_word_embeddings": true}""");
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        tensors.forEach((name, values) -> writer.add(name, Objects.requireNonNull(shapes.get(name)), values));
        writer.write(folder.resolve("model.safetensors"));
        return folder;
    }
}
