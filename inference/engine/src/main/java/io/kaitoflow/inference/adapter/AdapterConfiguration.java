package io.kaitoflow.inference.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaitoflow.inference.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the engine needs of an {@code adapter_config.json}.
 *
 * @param rank rows of each A
 * @param scaling factor of each product B(A(x)): alpha / rank, or alpha / sqrt(rank) where the file says {@code use_rslora}
 */
public record AdapterConfiguration(int rank, double scaling) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Switches that change the maths in ways that this engine does not follow. */
    private static final List<String> UNSUPPORTED = List.of(
            "use_dora",
            "modules_to_save",
            "rank_pattern",
            "alpha_pattern",
            "lora_bias",
            "fan_in_fan_out",
            "use_qalora",
            "use_bdlora",
            "layer_replication",
            "trainable_token_indices",
            "target_parameters",
            "alora_invocation_tokens");

    public AdapterConfiguration {
        if (rank < 1) {
            throw new ModelException("An adapter's rank must be at least 1, not " + rank + ".");
        }
    }

    /**
     * Reads {@code adapter_config.json}.
     *
     * @throws ModelException if it is missing or damaged, or asks for something that this engine does not do, by name
     */
    public static AdapterConfiguration read(Path path) {
        try {
            return of(path, JSON.readTree(Files.readString(path)));
        } catch (NoSuchFileException e) {
            throw new ModelException(
                    "The adapter has no " + path + ". A PEFT adapter folder holds"
                            + " adapter_config.json and adapter_model.safetensors.",
                    e);
        } catch (JsonProcessingException e) {
            throw new ModelException(
                    path + " is no JSON (" + e.getOriginalMessage() + "). Fetch the adapter again.", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + path, e);
        }
    }

    private static AdapterConfiguration of(Path path, JsonNode json) {
        String kind = json.path("peft_type").asText("LORA");
        if (!kind.equals("LORA")) {
            throw new ModelException(
                    path + " is an adapter of the kind " + kind + "; this engine runs LORA. Train a LoRA adapter.");
        }
        for (String key : UNSUPPORTED) {
            if (isSet(json.path(key))) {
                throw new ModelException(path + " sets " + key + " to " + json.path(key)
                        + ", which this engine does not do. Train the adapter without it.");
            }
        }
        if (!json.path("bias").asText("none").equals("none")) {
            throw new ModelException(path + " sets bias to " + json.path("bias")
                    + "; this engine runs bias none. Train the adapter with it.");
        }
        if (!json.path("r").canConvertToInt()) {
            throw new ModelException(path + " has no whole number r, the rank. Fetch the adapter again.");
        }
        int rank = json.path("r").asInt();
        double alpha = json.path("lora_alpha").asDouble(rank);
        boolean rankStabilised = json.path("use_rslora").asBoolean(false);
        return new AdapterConfiguration(rank, alpha / (rankStabilised ? Math.sqrt(rank) : rank));
    }

    private static boolean isSet(JsonNode value) {
        boolean empty = value.isMissingNode() || value.isNull() || value.isContainerNode() && value.isEmpty();
        return !empty && !(value.isBoolean() && !value.asBoolean());
    }
}
