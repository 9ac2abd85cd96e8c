package io.kaitoflow.activities.nodes.azure;

import com.azure.core.management.exception.ManagementError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of the errors that an answer holds. Azure wraps them in each other: as {@code error}, in {@code details}, as
 * {@code innererror}, and as JSON inside the message of another.
 */
record AzureError(String code, String message) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** All errors of an answer, outermost first. */
    static List<AzureError> all(@Nullable ManagementError error) {
        if (error == null) {
            return List.of();
        }
        List<AzureError> all = new ArrayList<>(one(error.getCode(), error.getMessage()));
        Objects.requireNonNullElse(error.getDetails(), List.<ManagementError>of())
                .forEach(detail -> all.addAll(all(detail)));
        return all;
    }

    /** All errors of an answer's body, outermost first; none when it is not JSON. */
    static List<AzureError> all(@Nullable String body) {
        return parsed(body).map(AzureError::walk).orElse(List.of());
    }

    private static List<AzureError> walk(JsonNode node) {
        List<AzureError> all = new ArrayList<>();
        if (node.path("code").isTextual()) {
            all.addAll(one(node.path("code").asText(), node.path("message").asText()));
        }
        all.addAll(walkIfThere(node.path("error")));
        node.path("details").forEach(detail -> all.addAll(walk(detail)));
        all.addAll(walkIfThere(node.path("innererror")));
        return all;
    }

    private static List<AzureError> walkIfThere(JsonNode node) {
        return node.isObject() ? walk(node) : List.of();
    }

    private static List<AzureError> one(@Nullable String code, @Nullable String message) {
        String words = Objects.requireNonNullElse(message, "");
        AzureError error = new AzureError(Objects.requireNonNullElse(code, ""), words);
        return Stream.concat(Stream.of(error), all(within(words)).stream()).toList();
    }

    private static @Nullable String within(String message) {
        int start = message.indexOf('{');
        int end = message.lastIndexOf('}');
        return start >= 0 && end > start ? message.substring(start, end + 1) : null;
    }

    private static Optional<JsonNode> parsed(@Nullable String text) {
        try {
            return Optional.ofNullable(text).isPresent() ? Optional.of(JSON.readTree(text)) : Optional.empty();
        } catch (JsonProcessingException words) {
            return Optional.empty();
        }
    }
}
