package io.kaitoflow.inference.model.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.inference.model.RotaryScaling;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What a {@code config.json} says about rotations: in {@code rope_parameters}, which may hold one set for each kind of layer, or
 * in the older {@code rope_theta}, {@code rope_scaling} and {@code rope_local_base_freq}.
 */
record HubRotations(Path path, JsonNode json, Architecture architecture, int headSize) {
    private static final double DEFAULT_THETA = 10_000;
    private static final double GEMMA3_THETA = 1_000_000;

    /** Of layers that see everything. */
    RotaryEmbedding everywhere() {
        JsonNode today = json.path("rope_parameters");
        if (today.has("full_attention")) {
            return rotation(today.path("full_attention"), usualTheta());
        }
        double theta = json.path("rope_theta").asDouble(usualTheta());
        return today.isObject() ? rotation(today, theta) : rotation(json.path("rope_scaling"), theta);
    }

    /** Of layers with a window. */
    RotaryEmbedding inWindows() {
        JsonNode today = json.path("rope_parameters");
        if (today.has("sliding_attention")) {
            return rotation(today.path("sliding_attention"), DEFAULT_THETA);
        }
        return architecture == Architecture.GEMMA3
                ? rotation(
                        MissingNode.getInstance(),
                        json.path("rope_local_base_freq").asDouble(DEFAULT_THETA))
                : everywhere();
    }

    private double usualTheta() {
        return architecture == Architecture.GEMMA3 ? GEMMA3_THETA : DEFAULT_THETA;
    }

    private RotaryEmbedding rotation(JsonNode parameters, double theta) {
        double share = parameters
                .path("partial_rotary_factor")
                .asDouble(json.path("partial_rotary_factor").asDouble(1));
        int turned = (int) (headSize * share);
        return new RotaryEmbedding(
                parameters.path("rope_theta").asDouble(theta), headSize, turned, scaling(parameters, turned / 2));
    }

    private RotaryScaling scaling(JsonNode parameters, int pairs) {
        String type =
                parameters.path("rope_type").asText(parameters.path("type").asText("default"));
        return switch (type) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(number(parameters, "factor"));
            case "llama3" ->
                new RotaryScaling.Llama3(
                        number(parameters, "factor"),
                        number(parameters, "low_freq_factor"),
                        number(parameters, "high_freq_factor"),
                        originalPositions(parameters));
            // "su" is what the first Phi-3 files called it.
            case "longrope", "su" -> longrope(parameters, pairs);
            default ->
                throw new ModelException(path + " asks for rope_type " + type
                        + ", which this engine does not run; it runs default, linear, llama3 and longrope.");
        };
    }

    private RotaryScaling longrope(JsonNode parameters, int pairs) {
        int original = originalPositions(parameters);
        double growth = json.path("max_position_embeddings").asDouble(original) / original;
        double usual = growth <= 1 ? 1 : Math.sqrt(1 + Math.log(growth) / Math.log(original));
        return new RotaryScaling.Longrope(
                divisors(parameters, "short_factor", pairs),
                divisors(parameters, "long_factor", pairs),
                original,
                parameters.path("attention_factor").asDouble(usual));
    }

    private List<Double> divisors(JsonNode parameters, String key, int pairs) {
        List<Double> divisors = StreamSupport.stream(parameters.path(key).spliterator(), false)
                .map(JsonNode::asDouble)
                .toList();
        if (divisors.size() != pairs) {
            throw new ModelException(path + " has " + divisors.size() + " numbers in " + key + " where " + pairs
                    + " pairs of dimensions turn. Fetch the model again.");
        }
        return divisors;
    }

    private int originalPositions(JsonNode parameters) {
        String key = "original_max_position_embeddings";
        return (int) number(parameters.has(key) ? parameters : json, key);
    }

    private double number(JsonNode parameters, String key) {
        JsonNode value = parameters.path(key);
        if (!value.isNumber()) {
            throw new ModelException(
                    path + " has no number " + key + " for its rotary embedding. Fetch the model again.");
        }
        return value.asDouble();
    }
}
