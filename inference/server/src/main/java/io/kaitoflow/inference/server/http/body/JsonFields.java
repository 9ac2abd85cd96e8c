package io.kaitoflow.inference.server.http.body;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.inference.server.chat.ChatFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A JSON object read field by field, strictly: a wrong type is refused by the field's path, and so is every field
 * that nobody asked for. {@code null} counts as absent, since clients send it so.
 */
public final class JsonFields {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ObjectNode object;
    private final String path;
    private final Set<String> asked = new HashSet<>();

    private JsonFields(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** The object that {@code body} holds. */
    public static JsonFields parse(byte[] body) {
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode object) {
                return new JsonFields(object, "");
            }
        } catch (JsonProcessingException e) {
            throw new ChatFailure.BadRequest("body", "The body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ChatFailure.BadRequest("body", "The body is not valid UTF-8: " + e.getMessage());
        }
        throw new ChatFailure.BadRequest("body", "The body must be a JSON object.");
    }

    public Optional<String> text(String name) {
        return value(name).map(node -> textOf(node, name));
    }

    /** Anything. */
    public Optional<JsonNode> json(String name) {
        return value(name);
    }

    public Optional<Boolean> flag(String name) {
        return value(name).map(node -> {
            require(node.isBoolean(), name, "must be true or false", node);
            return node.booleanValue();
        });
    }

    public OptionalInt integer(String name, int least, int greatest) {
        Optional<JsonNode> node = value(name);
        node.ifPresent(value -> {
            boolean whole = value.isIntegralNumber() && value.canConvertToInt();
            boolean within = whole && value.intValue() >= least && value.intValue() <= greatest;
            require(within, name, "must be a whole number from " + least + " to " + greatest, value);
        });
        return node.isPresent() ? OptionalInt.of(node.get().intValue()) : OptionalInt.empty();
    }

    public OptionalLong longInteger(String name) {
        Optional<JsonNode> node = value(name);
        node.ifPresent(value -> require(
                value.isIntegralNumber() && value.canConvertToLong(),
                name,
                "must be a whole number of 64 bits",
                value));
        return node.isPresent() ? OptionalLong.of(node.get().longValue()) : OptionalLong.empty();
    }

    public Optional<Double> number(String name, double least, double greatest) {
        return value(name).map(node -> {
            boolean within = node.isNumber() && node.doubleValue() >= least && node.doubleValue() <= greatest;
            require(within, name, "must be a number from " + least + " to " + greatest, node);
            return node.doubleValue();
        });
    }

    public Optional<JsonFields> object(String name) {
        return value(name).map(node -> objectOf(node, name));
    }

    public Optional<List<JsonFields>> objects(String name) {
        return value(name).map(node -> {
            require(node.isArray(), name, "must be a list of objects", node);
            List<JsonFields> all = new ArrayList<>();
            node.forEach(item -> all.add(objectOf(item, name + "[" + all.size() + "]")));
            return all;
        });
    }

    public boolean isText(String name) {
        return object.path(name).isTextual();
    }

    /** A text, or a list of at most {@code most} texts. */
    public List<String> texts(String name, int most) {
        return value(name)
                .map(node -> node.isTextual() ? List.of(textOf(node, name)) : textList(node, name, most))
                .orElse(List.of());
    }

    /** Accepts {@code name} only with the value that changes nothing. */
    public void only(String name, double neutral) {
        value(name)
                .ifPresent(node -> require(
                        node.isNumber() && node.doubleValue() == neutral,
                        name,
                        "is not honoured by this server with any value but " + neutral,
                        node));
    }

    /** Accepts {@code name} only as {@code neutral}. */
    public void only(String name, boolean neutral) {
        flag(name).ifPresent(given -> {
            if (given != neutral) {
                throw refusal(name, "is not honoured by this server with any value but " + neutral);
            }
        });
    }

    /** Takes {@code name} as read although it says nothing about the reply. */
    public void note(String name) {
        asked.add(name);
    }

    /** Refuses every field that was not asked for. */
    public void refuseOthers() {
        List<String> others = object.properties().stream()
                .filter(field ->
                        !asked.contains(field.getKey()) && !field.getValue().isNull())
                .map(field -> path + field.getKey())
                .toList();
        if (!others.isEmpty()) {
            throw new ChatFailure.BadRequest(
                    others.getFirst(),
                    "Not honoured by this server: %s; remove it. Known beside it: %s."
                            .formatted(
                                    String.join(", ", others),
                                    asked.stream().sorted().collect(Collectors.joining(", "))));
        }
    }

    public ChatFailure.BadRequest refusal(String name, String rule) {
        return new ChatFailure.BadRequest(path + name, path + name + " " + rule + ".");
    }

    private Optional<JsonNode> value(String name) {
        asked.add(name);
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }

    private JsonFields objectOf(JsonNode node, String name) {
        if (node instanceof ObjectNode inner) {
            return new JsonFields(inner, path + name + ".");
        }
        throw refusal(name, "must be an object, not " + kind(node));
    }

    private List<String> textList(JsonNode node, String name, int most) {
        require(node.isArray() && node.size() <= most, name, "must be a text or a list of at most " + most, node);
        List<String> all = new ArrayList<>();
        node.forEach(item -> all.add(textOf(item, name + "[" + all.size() + "]")));
        return all;
    }

    private String textOf(JsonNode node, String name) {
        require(node.isTextual(), name, "must be a text", node);
        String text = node.textValue();
        // Half a surrogate pair has no UTF-8 form, so a tokenizer would see another text than was sent.
        require(StandardCharsets.UTF_8.newEncoder().canEncode(text), name, "must be valid Unicode", node);
        return text;
    }

    private void require(boolean met, String name, String rule, JsonNode given) {
        if (!met) {
            throw refusal(name, rule + ", not " + kind(given));
        }
    }

    /** Scalars as they are when short, so that the caller sees what was understood; never a long text. */
    private static String kind(JsonNode node) {
        String shown = node.toString();
        return node.isContainerNode() || shown.length() > 24
                ? "a " + node.getNodeType().name().toLowerCase(java.util.Locale.ROOT)
                : shown;
    }
}
