package io.kaitoflow.presets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * YAML that a person wrote, read so that whatever is wrong is said with file, entry, field, value, rule and cure.
 *
 * @param place what the text is called in messages, as a rule its file
 */
record CatalogueText(String place, String yaml) {

    private static final ObjectMapper MAPPER = CatalogueFile.mapper();

    /** @throws IllegalArgumentException when it is no YAML, with the line */
    JsonNode tree() {
        try {
            return MAPPER.readTree(yaml);
        } catch (JsonProcessingException broken) {
            throw wrong("is not YAML: " + problem(broken), broken);
        }
    }

    /**
     * One entry.
     *
     * @param entry what it is called in messages
     * @throws IllegalArgumentException that names entry, field, value and rule
     */
    <T> T read(JsonNode node, String entry, Class<T> type) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JsonMappingException mistake) {
            throw wrong(entry + ": " + sentence(node, mistake), mistake);
        } catch (JsonProcessingException impossible) {
            throw wrong(entry + ": " + impossible.getOriginalMessage(), impossible);
        }
    }

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(place + ": " + what);
    }

    private IllegalArgumentException wrong(String what, Exception cause) {
        return new IllegalArgumentException(place + ": " + what, cause);
    }

    private static String problem(JsonProcessingException broken) {
        String line = broken.getLocation() == null
                ? ""
                : "line " + broken.getLocation().getLineNr() + ", column "
                        + broken.getLocation().getColumnNr() + ": ";
        // Below its own words SnakeYAML adds excerpts, which begin with blanks.
        return line
                + broken.getOriginalMessage()
                        .lines()
                        .filter(words -> !words.startsWith(" "))
                        .collect(Collectors.joining(", "));
    }

    private static String sentence(JsonNode node, JsonMappingException mistake) {
        List<String> path = mistake.getPath().stream()
                .map(step -> Objects.requireNonNullElseGet(step.getFieldName(), () -> "" + step.getIndex()))
                .toList();
        String field = path.isEmpty() ? "" : String.join(".", path) + ": ";
        return switch (mistake) {
            case UnrecognizedPropertyException unknown -> field + "is no field" + fields(unknown) + ".";
            // The record's own rule, which names its field.
            case ValueInstantiationException ruled
            when ruled.getCause() != null -> field + ruled.getCause().getMessage();
            case MismatchedInputException mismatch ->
                field + value(node, path) + "must be " + form(mismatch.getTargetType()) + ".";
            default -> field + mistake.getOriginalMessage();
        };
    }

    private static String fields(UnrecognizedPropertyException unknown) {
        List<String> known =
                unknown.getKnownPropertyIds().stream().map(String::valueOf).toList();
        return NearestNames.of(known).suggestion(unknown.getPropertyName()) + "; there are " + String.join(", ", known);
    }

    private static String value(JsonNode node, List<String> path) {
        JsonNode at = node;
        for (String step : path) {
            at = at.path(step);
        }
        return at.isMissingNode() ? "" : (at.isTextual() ? "\"" + at.textValue() + "\"" : at.toString()) + " ";
    }

    private static String form(Class<?> type) {
        if (type == BigDecimal.class || type == Double.class) {
            return "a number, e.g. 2.9";
        }
        if (type == Integer.class) {
            return "a whole number, e.g. 8";
        }
        if (type == LocalDate.class) {
            return "a date, e.g. 2026-11-01";
        }
        return type.isRecord() && type != ByteSize.class && type != ComputeCapability.class
                ? List.of(type.getRecordComponents()).stream()
                        .map(component -> component.getName() + ": …")
                        .collect(Collectors.joining(", ", "{", "}"))
                : "text in quotes, e.g. \"9.0\"";
    }
}
