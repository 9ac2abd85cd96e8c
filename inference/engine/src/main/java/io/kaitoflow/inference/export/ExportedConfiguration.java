package io.kaitoflow.inference.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.weights.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code config.json} of an exported folder: the base's own with another type, or one made from what a GGUF header says.
 *
 * @param type of the weights
 */
record ExportedConfiguration(ModelFiles files, ModelConfiguration model, ElementType type) {

    ObjectNode json() throws IOException {
        Optional<Path> own = files.configuration();
        ObjectNode json = own.isPresent() ? read(own.get()) : made();
        String name = switch (type) {
            case F32 -> "float32";
            case F16 -> "float16";
            default -> "bfloat16";
        };
        return json.put(json.has("dtype") ? "dtype" : "torch_dtype", name);
    }

    private static ObjectNode read(Path path) throws IOException {
        if (new ObjectMapper().readTree(Files.readString(path)) instanceof ObjectNode json) {
            return json;
        }
        throw new ModelException(path + " is no JSON object. Fetch the model again.");
    }

    /** From GGUF files the engine runs the plain Llama alone. */
    private ObjectNode made() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add("LlamaForCausalLM");
        return json.put("model_type", model.architecture().modelType())
                .put("vocab_size", model.vocabularySize())
                .put("hidden_size", model.hiddenSize())
                .put("intermediate_size", model.intermediateSize())
                .put("num_hidden_layers", model.layers())
                .put("num_attention_heads", model.heads())
                .put("num_key_value_heads", model.keyValueHeads())
                .put("head_dim", model.headSize())
                .put("max_position_embeddings", model.maximumPositions())
                .put("rms_norm_eps", model.normEpsilon())
                .put("rope_theta", model.rotary().theta())
                .put("tie_word_embeddings", model.tiedHead())
                .put("hidden_act", "silu")
                .put("attention_bias", false)
                .put("mlp_bias", false);
    }
}
