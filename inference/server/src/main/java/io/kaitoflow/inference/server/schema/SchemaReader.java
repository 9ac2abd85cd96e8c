package io.kaitoflow.inference.server.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * Reads the part of JSON Schema that replies can be held to, definitions and references to them included. Everything else is refused by name, since a rule that was passed
 * over would be broken sooner or later.
 */
public final class SchemaReader {

    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final int MOST_DEPTH = 32;
    private static final int MOST_CHOICES = 500;

    /** Of everything that is read, about in bytes; definitions count as often as they are used, since they multiply. */
    private static final int MOST_SIZE = 1 << 20;

    private static final int SHAPE_SIZE = 64;

    /** They say something to people or to a reference, and nothing about values. */
    private static final Set<String> REMARKS =
            Set.of("title", "description", "$schema", "examples", "default", "$defs", "definitions");

    private final JsonNode root;
    private final Set<String> followed = new HashSet<>();
    private int size;

    private SchemaReader(JsonNode root) {
        this.root = root;
    }

    /** @throws SchemaException if it asks for something that cannot be guaranteed */
    public static Shape read(JsonNode schema) {
        return new SchemaReader(schema).read(schema, "schema", 0);
    }

    private Shape read(JsonNode schema, String path, int depth) {
        if (!schema.isObject()) {
            throw new SchemaException(path + " must be an object.");
        }
        if (depth > MOST_DEPTH) {
            throw new SchemaException(path + " is nested deeper than " + MOST_DEPTH + " levels.");
        }
        if (schema.has("$ref")) {
            return referred(schema, path, depth);
        }
        if (schema.has("const") || schema.has("enum")) {
            return choice(schema, path);
        }
        if (schema.has("anyOf")) {
            return either(schema, path, depth);
        }
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            List<Shape> shapes = new ArrayList<>();
            type.forEach(one -> shapes.add(ofType(one.asText(), schema, path, depth)));
            return told(shapes, path + ".type");
        }
        return ofType(type.asText(), schema, path, depth);
    }

    private Shape referred(JsonNode schema, String path, int depth) {
        only(schema, path, "$ref");
        String reference = schema.path("$ref").asText();
        boolean inside = reference.equals("#") || reference.startsWith("#/");
        JsonNode target = inside ? root.at(reference.substring(1)) : MissingNode.getInstance();
        if (target.isMissingNode()) {
            throw new SchemaException(path + ".$ref is \"" + reference
                    + "\", which is no place in this schema; write one such as #/$defs/Name.");
        }
        if (!followed.add(reference)) {
            throw new SchemaException(
                    path + ".$ref is \"" + reference
                            + "\", which holds itself: recursion is not honoured by this server; write out the levels you need.");
        }
        Shape shape = read(target, path, depth + 1);
        followed.remove(reference);
        return shape;
    }

    private void count(int more, String path) {
        size += more;
        if (size > MOST_SIZE) {
            throw new SchemaException(path + " makes the schema too large once every $ref is followed; use definitions"
                    + " in fewer places, or fewer inside one another.");
        }
    }

    private Shape ofType(String type, JsonNode schema, String path, int depth) {
        count(SHAPE_SIZE + path.length(), path);
        return switch (type) {
            case "object" -> object(schema, path, depth);
            case "array" -> {
                only(schema, path, "type", "items", "minItems", "maxItems");
                Shape item = read(schema.path("items"), path + ".items", depth + 1);
                yield new Shape.Items(
                        item, least(schema, "minItems", path), most(schema, "minItems", "maxItems", path));
            }
            case "string" -> {
                only(schema, path, "type", "minLength", "maxLength");
                yield new Shape.Text(least(schema, "minLength", path), most(schema, "minLength", "maxLength", path));
            }
            case "integer", "number" -> {
                only(schema, path, "type");
                yield new Shape.Numeric(type.equals("integer"));
            }
            case "boolean" -> {
                only(schema, path, "type");
                yield new Shape.OneOf(List.of("true", "false"));
            }
            case "null" -> new Shape.OneOf(List.of("null"));
            default ->
                throw new SchemaException(
                        path + ".type must be object, array, string, integer, number, boolean or null.");
        };
    }

    private Shape object(JsonNode schema, String path, int depth) {
        only(schema, path, "type", "properties", "required", "additionalProperties");
        if (!schema.path("additionalProperties").isBoolean()
                || schema.path("additionalProperties").asBoolean()) {
            throw new SchemaException(path + ".additionalProperties must be false.");
        }
        count(schema.path("required").size(), path);
        Set<String> required = new TreeSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        List<Shape.Property> all = new ArrayList<>();
        schema.path("properties").properties().forEach(entry -> {
            String name = entry.getKey();
            Shape value = read(entry.getValue(), path + ".properties." + name, depth + 1);
            all.add(new Shape.Property(json(TextNode.valueOf(name), path) + ":", value, required.remove(name)));
        });
        if (!required.isEmpty() || all.size() > MOST_CHOICES) {
            throw new SchemaException(path + ".required names " + required + ", which are no properties, or there are"
                    + " more than " + MOST_CHOICES + " properties.");
        }
        return new Shape.Properties(all);
    }

    private Shape choice(JsonNode schema, String path) {
        count(SHAPE_SIZE + path.length(), path);
        only(schema, path, "type", "const", "enum");
        List<JsonNode> values = schema.has("const")
                ? List.of(schema.path("const"))
                : StreamSupport.stream(schema.path("enum").spliterator(), false).toList();
        if (values.isEmpty() || values.size() > MOST_CHOICES || values.stream().anyMatch(JsonNode::isContainerNode)) {
            throw new SchemaException(path + " must allow 1 to " + MOST_CHOICES + " texts, numbers, booleans or null.");
        }
        List<String> texts =
                values.stream().map(value -> json(value, path)).distinct().toList();
        texts.forEach(text -> count(text.length(), path));
        return new Shape.OneOf(texts);
    }

    private Shape either(JsonNode schema, String path, int depth) {
        count(SHAPE_SIZE + path.length(), path);
        only(schema, path, "anyOf");
        List<Shape> shapes = new ArrayList<>();
        schema.path("anyOf").forEach(one -> shapes.add(read(one, path + ".anyOf[" + shapes.size() + "]", depth + 1)));
        return told(shapes, path + ".anyOf");
    }

    private static Shape told(List<Shape> shapes, String path) {
        Set<Character> firsts = new TreeSet<>();
        int count = 0;
        for (Shape shape : shapes) {
            Set<Character> own = firsts(shape);
            count += own.size();
            firsts.addAll(own);
        }
        if (shapes.isEmpty() || count > firsts.size()) {
            throw new SchemaException(
                    path + " must be shapes that differ in their first character, such as a text or null.");
        }
        return new Shape.Either(shapes);
    }

    private static Set<Character> firsts(Shape shape) {
        Set<Character> firsts = new TreeSet<>();
        for (char first = '!'; first <= '}'; first++) {
            if (Progress.of(shape).after(first).isPresent()) {
                firsts.add(first);
            }
        }
        return firsts;
    }

    private static int least(JsonNode schema, String name, String path) {
        return limit(schema, name, path, 0);
    }

    private static int most(JsonNode schema, String leastName, String name, String path) {
        int most = limit(schema, name, path, Shape.UNLIMITED);
        if (most < least(schema, leastName, path)) {
            throw new SchemaException(path + "." + name + " is below " + leastName + ".");
        }
        return most;
    }

    private static int limit(JsonNode schema, String name, String path, int absent) {
        JsonNode value = schema.path(name);
        if (!value.isMissingNode() && !(value.canConvertToInt() && value.isIntegralNumber() && value.asInt() >= 0)) {
            throw new SchemaException(path + "." + name + " must be a whole number from 0 on.");
        }
        return value.asInt(absent);
    }

    private static void only(JsonNode schema, String path, String... honoured) {
        Set<String> known = new TreeSet<>(REMARKS);
        known.addAll(List.of(honoured));
        schema.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new SchemaException(path + "." + name + " is not honoured by this server.");
            }
        });
    }

    /** In ASCII, which every vocabulary can write; half a character cannot be meant. */
    private static String json(JsonNode scalar, String path) {
        if (scalar.isTextual() && !StandardCharsets.UTF_8.newEncoder().canEncode(scalar.textValue())) {
            throw new SchemaException(path + " must be valid Unicode.");
        }
        try {
            return ASCII.writeValueAsString(scalar);
        } catch (JsonProcessingException e) {
            throw new SchemaException(path + " cannot be written: " + e.getOriginalMessage());
        }
    }
}
