package io.kaitoflow.inference.model.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Reads a {@link ModelConfiguration} from a hub folder's {@code config.json}, in the keys of today
 * ({@code rope_parameters}) and in those of most files out there ({@code rope_theta}, {@code rope_scaling}).
 */
public final class HubConfiguration {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double DEFAULT_EPSILON = 1e-6;
    private static final int DEFAULT_POSITIONS = 2048;
    private static final int GEMMA3_PATTERN = 6;

    private final Path path;
    private final JsonNode json;

    private HubConfiguration(Path path, JsonNode json) {
        this.path = path;
        this.json = json;
    }

    public static ModelConfiguration read(Path path) {
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
        require("attention_bias", json.path("attention_bias").asText("false"), "false");
        require("mlp_bias", json.path("mlp_bias").asText("false"), "false");
        int hidden = whole("hidden_size");
        int heads = whole("num_attention_heads");
        int layers = whole("num_hidden_layers");
        var rotations =
                new HubRotations(path, json, architecture, json.path("head_dim").asInt(hidden / heads));
        return new ModelConfiguration(
                architecture,
                whole("vocab_size"),
                hidden,
                whole("intermediate_size"),
                layers,
                heads,
                json.path("num_key_value_heads").asInt(heads),
                json.path("max_position_embeddings").asInt(DEFAULT_POSITIONS),
                json.path("rms_norm_eps").asDouble(DEFAULT_EPSILON),
                rotations.everywhere(),
                json.path("tie_word_embeddings").asBoolean(isTiedUnlessSaid(architecture)),
                traits(architecture, layers, hidden, rotations));
    }

    private static boolean isTiedUnlessSaid(Architecture architecture) {
        return switch (architecture) {
            case GEMMA2, GEMMA3 -> true;
            case LLAMA, MISTRAL, QWEN2, QWEN3, PHI3 -> false;
        };
    }

    private DecoderTraits traits(Architecture architecture, int layers, int hidden, HubRotations rotations) {
        int headSize = rotations.everywhere().headSize();
        return new DecoderTraits(
                activation(architecture),
                1 / Math.sqrt(json.path("query_pre_attn_scalar").asDouble(headSize)),
                architecture.scalesEmbeddings() ? Math.sqrt(hidden) : 1,
                cap("attn_logit_softcapping"),
                cap("final_logit_softcapping"),
                IntStream.range(0, layers)
                        .mapToObj(layer -> attention(architecture, layer, layers, rotations))
                        .toList());
    }

    private DecoderTraits.Activation activation(Architecture architecture) {
        String usual = architecture.scalesEmbeddings() ? "gelu_pytorch_tanh" : "silu";
        String name = json.hasNonNull("hidden_activation")
                ? json.path("hidden_activation").asText()
                : json.path("hidden_act").asText(usual);
        return switch (name) {
            case "silu" -> DecoderTraits.Activation.SILU;
            case "gelu_pytorch_tanh" -> DecoderTraits.Activation.GELU_TANH;
            default -> throw unsupported("hidden_act", name, "silu and gelu_pytorch_tanh");
        };
    }

    private OptionalDouble cap(String key) {
        return json.hasNonNull(key) ? OptionalDouble.of(json.path(key).asDouble()) : OptionalDouble.empty();
    }

    private DecoderTraits.Layer attention(Architecture architecture, int layer, int layers, HubRotations rotations) {
        JsonNode window = json.path("sliding_window");
        boolean slides = window.canConvertToInt() && window.asInt() > 0 && slides(architecture, layer, layers);
        return new DecoderTraits.Layer(
                slides ? OptionalInt.of(window.asInt()) : OptionalInt.empty(),
                slides ? rotations.inWindows() : rotations.everywhere());
    }

    /** What {@code layer_types} says, and where it is missing, as in most files out there, the family's habit. */
    private boolean slides(Architecture architecture, int layer, int layers) {
        if (json.path("layer_types").isArray()) {
            String type = json.path("layer_types").path(layer).asText("missing");
            return switch (type) {
                case "sliding_attention" -> true;
                case "full_attention" -> false;
                default -> throw unsupported("layer_types", type, "sliding_attention and full_attention");
            };
        }
        return switch (architecture) {
            case LLAMA -> false;
            case MISTRAL, PHI3 -> true;
            case QWEN2, QWEN3 ->
                json.path("use_sliding_window").asBoolean(false)
                        && layer >= json.path("max_window_layers").asInt(layers);
            case GEMMA2 -> layer % 2 == 0;
            case GEMMA3 -> (layer + 1) % json.path("sliding_window_pattern").asInt(GEMMA3_PATTERN) != 0;
        };
    }

    private String architectureName() {
        JsonNode names = json.path("architectures");
        return names.isEmpty()
                ? json.path("model_type").asText("none")
                : names.get(0).asText();
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
            throw unsupported(key, value, supported);
        }
    }

    private ModelException unsupported(String key, String value, String supported) {
        return new ModelException(path + " asks for " + key + " " + value + ", which this engine does not run; it runs "
                + supported + ".");
    }
}
