package io.kaitoflow.inference.server.adapters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Which adapters are to be served, as a file says it:
 * {@code {"revision": "…", "adapters": [{"name": "…", "folder": "…", "strength": 1.0}]}}, or with {@code refusal} in place of
 * {@code adapters}, where whoever writes the file could not bring them.
 *
 * @param revision tells one list from another; any word
 * @param adapters the default first
 * @param refusal why these are not to be had; what is served then stays
 */
public record AdapterList(String revision, List<WantedAdapter> adapters, Optional<String> refusal) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public AdapterList {
        adapters = List.copyOf(adapters);
    }

    /** @throws IllegalArgumentException that says what is wrong with the text */
    static AdapterList parse(String text) {
        try {
            JsonNode list = JSON.readTree(text);
            return new AdapterList(
                    required(list, "revision").asText(),
                    adapters(list),
                    optional(list).map(JsonNode::asText));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The list of adapters is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static List<WantedAdapter> adapters(JsonNode list) {
        if (optional(list).isPresent()) {
            return List.of();
        }
        return StreamSupport.stream(required(list, "adapters").spliterator(), false)
                .map(AdapterList::adapter)
                .toList();
    }

    private static Optional<JsonNode> optional(JsonNode list) {
        return Optional.ofNullable(list.get("refusal"));
    }

    private static WantedAdapter adapter(JsonNode adapter) {
        return new WantedAdapter(
                required(adapter, "name").asText(),
                Path.of(required(adapter, "folder").asText()),
                adapter.path("strength").asDouble(1));
    }

    private static JsonNode required(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The list of adapters has no " + name + ".");
        }
        return value;
    }
}
