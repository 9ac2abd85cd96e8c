package io.kaitoflow.inference.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads a {@link ModelConfiguration} from a hub folder's {@code config.json}, in the keys of today
 * ({@code rope_parameters}) and in those of most files out there ({@code rope_theta}, {@code rope_scaling}).
 */
final class HubConfiguration {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double DEFAULT_THETA = 10_000;
    private static final double DEFAULT_EPSILON = 1e-6;
    private static final int DEFAULT_POSITIONS = 2048;

    private final Path path;
    private final JsonNode json;

    private HubConfiguration(Path path, JsonNode json) {
        this.path = path;
        this.json = json;
    }

    static ModelConfiguration read(Path path) {
        try {
            return new HubConfiguration(path, JSON.readTree(Files.readString(path))).configuration();
        } catch (JsonProcessingException e) {
            throw new ModelException(path + " is no JSON (" + e.getOriginalMessage() + "). Fetch the model again.", e);
        } catch (NoSuchFileException e) {
            throw new ModelException("The model folder has no " + path + ". Fetch the model again.", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + path, e);
        }
    }

    private ModelConfiguration configuration() {
        Architecture architecture = Architecture.named(architectureName());
        require("hidden_act", json.path("hidden_act").asText("silu"), "silu");
        require("attention_bias", json.path("attention_bias").asText("false"), "false");
        require("mlp_bias", json.path("mlp_bias").asText("false"), "false");
        int hidden = whole("hidden_size");
        int heads = whole("num_attention_heads");
        return new ModelConfiguration(
                architecture,
                whole("vocab_size"),
                hidden,
                whole("intermediate_size"),
                whole("num_hidden_layers"),
                heads,
                json.path("num_key_value_heads").asInt(heads),
                json.path("max_position_embeddings").asInt(DEFAULT_POSITIONS),
                json.path("rms_norm_eps").asDouble(DEFAULT_EPSILON),
                rotary(json.path("head_dim").asInt(hidden / heads)),
                json.path("tie_word_embeddings").asBoolean(false));
    }

    private String architectureName() {
        JsonNode names = json.path("architectures");
        return names.isEmpty()
                ? json.path("model_type").asText("none")
                : names.get(0).asText();
    }

    private RotaryEmbedding rotary(int headSize) {
        JsonNode today = json.path("rope_parameters");
        JsonNode parameters = today.isObject() ? today : json.path("rope_scaling");
        double theta = json.path("rope_theta").asDouble(DEFAULT_THETA);
        return new RotaryEmbedding(today.path("rope_theta").asDouble(theta), headSize, scaling(parameters));
    }

    private RotaryScaling scaling(JsonNode parameters) {
        String type =
                parameters.path("rope_type").asText(parameters.path("type").asText("default"));
        return switch (type) {
            case "default" -> new RotaryScaling.None();
            case "llama3" ->
                new RotaryScaling.Llama3(
                        parameters.path("factor").asDouble(),
                        parameters.path("low_freq_factor").asDouble(),
                        parameters.path("high_freq_factor").asDouble(),
                        parameters.path("original_max_position_embeddings").asInt());
            default ->
                throw new ModelException(path + " asks for rope_type " + type
                        + ", which this engine does not run; it runs default and llama3.");
        };
    }

    private int whole(String key) {
        JsonNode value = json.path(key);
        if (!value.canConvertToInt()) {
            throw new ModelException(path + " has no whole number " + key + ". Fetch the model again.");
        }
        return value.asInt();
    }

    private void require(String key, String value, String supported) {
        if (!value.equals(supported)) {
            throw new ModelException(path + " asks for " + key + " " + value
                    + ", which this engine does not run; it runs " + supported + ".");
        }
    }
}
