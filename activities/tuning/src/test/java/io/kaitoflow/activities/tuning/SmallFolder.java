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
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A model of one block as a folder of the model hub, sound until a tensor is replaced. */
final class SmallFolder {

    static final String FIRST_SHARD = "model-00001-of-00002.safetensors";
    static final String SECOND_SHARD = "model-00002-of-00002.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    static final String CONFIGURATION = """
            {"architectures": ["LlamaForCausalLM"], "vocab_size": 4, "hidden_size": 64, "intermediate_size": 64,
             "num_attention_heads": 2, "num_hidden_layers": 1, "tie_word_embeddings": true}""";

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
        writeConfiguration();
        write("model.safetensors", tensors.keySet());
        return folder;
    }

    /** In two files, the second with all that is not of a block. */
    SmallFolder writeShards() throws IOException {
        writeConfiguration();
        write(
                FIRST_SHARD,
                tensors.keySet().stream().filter(SmallFolder::isOfBlock).collect(Collectors.toSet()));
        write(
                SECOND_SHARD,
                tensors.keySet().stream().filter(name -> !isOfBlock(name)).collect(Collectors.toSet()));
        return index(Map.of());
    }

    /** @param elsewhere tensors that the index puts into another shard than they are in */
    SmallFolder index(Map<String, String> elsewhere) throws IOException {
        String places = tensors.keySet().stream()
                .map(name -> '"' + name + "\": \""
                        + elsewhere.getOrDefault(name, isOfBlock(name) ? FIRST_SHARD : SECOND_SHARD) + '"')
                .collect(Collectors.joining(", "));
        return file(INDEX, "{\"weight_map\": {" + places + "}}");
    }

    /** Another content of a file of the folder. */
    SmallFolder file(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        return this;
    }

    Path path() {
        return folder;
    }

    private static boolean isOfBlock(String name) {
        return name.startsWith("model.layers.");
    }

    private void writeConfiguration() throws IOException {
        file("config.json", CONFIGURATION);
    }

    private void write(String name, Set<String> chosen) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        chosen.forEach(each ->
                writer.add(each, Objects.requireNonNull(shapes.get(each)), Objects.requireNonNull(tensors.get(each))));
        writer.write(folder.resolve(name));
    }
}
