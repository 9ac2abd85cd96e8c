package io.kaitoflow.inference.server.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A writer that chooses among the allowed tokens at random, held to random schemas; an independent validator judges. */
class SchemaConstraintTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SCHEMAS = 500;
    private static final int SEEDS = 4;
    private static final int END = 0;
    private static final int MOST_TOKENS = 4000;
    private static final SchemaRegistry VALIDATORS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final List<String> VOCABULARY = vocabulary();
    private static final TokenTexts TEXTS = new TokenTexts(VOCABULARY);

    @Test
    void whatIsWrittenIsValidForFiveHundredSchemasAndFourSeeds() throws IOException {
        for (int number = 0; number < SCHEMAS; number++) {
            JsonNode schema = JSON.readTree(new RandomSchema(number).text());
            for (int seed = 0; seed < SEEDS; seed++) {
                String written = write(schema, new SplittableRandom(31L * number + seed), MOST_TOKENS)
                        .orElseThrow();
                assertThat(VALIDATORS.getSchema(schema).validate(JSON.readTree(written)))
                        .as("%s for %s", written, schema)
                        .isEmpty();
            }
        }
    }

    @Test
    void aTextWithoutLimitIsCutOffAndNeverEndsInTheMiddle() throws IOException {
        JsonNode schema = JSON.readTree("{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": 900}");

        assertThat(write(schema, new SplittableRandom(1), 800)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\": \"string\", \"pattern\": \"a+\"} | schema.pattern is not honoured",
                "{\"type\": \"integer\", \"minimum\": 3} | schema.minimum is not honoured",
                "{\"$ref\": \"#/x\"} | schema.$ref is \"#/x\", which is no place in this schema",
                "{\"$ref\": \"https://example.org/x\"} | which is no place in this schema",
                "{\"$ref\": \"#/$defs/a\", \"minLength\": 1, \"$defs\": {\"a\": {\"type\": \"string\"}}} |"
                        + " schema.minLength is not honoured",
                "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/a\"}}}}"
                        + " | schema.items.$ref is \"#/$defs/a\", which holds itself",
                "{\"type\": \"object\", \"properties\": {}} | schema.additionalProperties must be false",
                "{\"type\": \"object\", \"properties\": {}, \"required\": [\"a\"], \"additionalProperties\": false} |"
                        + " names [a]",
                "{\"anyOf\": [{\"type\": \"string\"}, {\"const\": \"x\"}]} | differ in their first character",
                "{\"enum\": [[1]]} | must allow 1 to 500 texts",
                "{\"type\": \"string\", \"minLength\": 4, \"maxLength\": 2} | schema.maxLength is below minLength",
                "[] | schema must be an object"
            })
    void whatCannotBeGuaranteedIsRefusedByName(String schema, String message) throws IOException {
        JsonNode given = JSON.readTree(schema);

        assertThatThrownBy(() -> SchemaReader.read(given))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(message);
    }

    @Test
    void definitionsMayBeUsedInManyPlaces() throws IOException {
        JsonNode schema = JSON.readTree("""
                {"$ref": "#/$defs/Invoice", "$defs": {
                  "Colour": {"enum": ["red", "green"], "title": "Colour", "type": "string"},
                  "Item": {"type": "object", "properties": {"colour": {"$ref": "#/$defs/Colour"},
                    "price": {"type": "number"}}, "required": ["colour", "price"], "additionalProperties": false},
                  "Invoice": {"type": "object", "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}, "minItems": 1, "maxItems": 2},
                    "best": {"anyOf": [{"$ref": "#/$defs/Item"}, {"type": "null"}]},
                    "colour": {"$ref": "#/$defs/Colour", "description": "of the paper"}},
                    "required": ["items", "best", "colour"], "additionalProperties": false}}}
                """);
        for (int seed = 0; seed < 50; seed++) {
            String written =
                    write(schema, new SplittableRandom(seed), MOST_TOKENS).orElseThrow();
            assertThat(VALIDATORS.getSchema(schema).validate(JSON.readTree(written)))
                    .as(written)
                    .isEmpty();
        }
    }

    @Test
    void definitionsThatMultiplyAreRefusedBeforeTheyAreHeld() throws IOException {
        ObjectNode schema = JSON.createObjectNode().put("$ref", "#/$defs/d0");
        ObjectNode definitions = schema.putObject("$defs");
        for (int level = 0; level < 14; level++) {
            ObjectNode pair = definitions.putObject("d" + level);
            pair.put("type", "object").put("additionalProperties", false);
            ObjectNode properties = pair.putObject("properties");
            properties.putObject("a").put("$ref", "#/$defs/d" + (level + 1));
            properties.putObject("b").put("$ref", "#/$defs/d" + (level + 1));
        }
        definitions.putObject("d14").put("type", "null");

        assertThatThrownBy(() -> SchemaReader.read(schema))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("too large once every $ref is followed");
    }

    @Test
    void namesThatNeedItAreWrittenInAscii() throws IOException {
        JsonNode schema = JSON.readTree("{\"const\": \"naïve \\\"😀\"}");

        String written = write(schema, new SplittableRandom(1), 100).orElseThrow();

        assertThat(written).isEqualTo("\"na\\u00EFve \\\"\\uD83D\\uDE00\"");
    }

    /** Nothing when the text did not end in time. */
    private static Optional<String> write(JsonNode schema, SplittableRandom random, int mostTokens) {
        var constraint = new SchemaConstraint(SchemaReader.read(schema), TEXTS, Set.of(END));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < mostTokens; i++) {
            var logits = new float[VOCABULARY.size()];
            constraint.restrict(logits);
            List<Integer> allowed = new ArrayList<>();
            for (int id = 0; id < logits.length; id++) {
                if (logits[id] == 0) {
                    allowed.add(id);
                }
            }
            int chosen = allowed.get(random.nextInt(allowed.size()));
            if (chosen == END) {
                return Optional.of(text.toString());
            }
            constraint.accept(chosen);
            text.append(VOCABULARY.get(chosen));
        }
        return Optional.empty();
    }

    /** All of ASCII and pieces as tokenizers have them, across the borders of JSON's own signs. */
    private static List<String> vocabulary() {
        List<String> all = new ArrayList<>(List.of(""));
        for (char letter = 0; letter < 127; letter++) {
            all.add(Character.toString(letter));
        }
        all.addAll(List.of(
                "{\"", "\":", "\",\"", "\"}", "}}", "],", "[{", "true", "fal", "se", "null", " the", "12", "0.5"));
        all.addAll(List.of("\\n", "\"a\":", "\\\"", "é", "😀", ",-", "]}", "\"]", "a\",", "}\n", ": ", "00", "b\":1"));
        return all;
    }

    /** A schema of the honoured kind; every list and text has an end. */
    private static final class RandomSchema {
        private final SplittableRandom random;

        RandomSchema(int number) {
            this.random = new SplittableRandom(number);
        }

        String text() {
            return any(3);
        }

        private String any(int depth) {
            return switch (random.nextInt(depth == 0 ? 6 : 9)) {
                case 0 -> "{\"type\": \"integer\"}";
                case 1 -> "{\"type\": \"number\", \"description\": \"some\"}";
                case 2 -> "{\"type\": [\"boolean\", \"null\"]}";
                case 3 -> text(random.nextInt(3));
                case 4 -> "{\"enum\": [\"red\", \"redder\", 1, 12, null, \"q\\\"é\"]}";
                case 5 -> "{\"anyOf\": [" + text(0) + ", {\"type\": \"null\"}, {\"type\": \"number\"}]}";
                case 6, 7 -> object(depth);
                default -> {
                    int least = random.nextInt(3);
                    yield "{\"type\": \"array\", \"items\": " + any(depth - 1) + ", \"minItems\": " + least
                            + ", \"maxItems\": " + (least + random.nextInt(3)) + "}";
                }
            };
        }

        private String text(int least) {
            return "{\"type\": \"string\", \"minLength\": " + least + ", \"maxLength\": " + (least + random.nextInt(9))
                    + "}";
        }

        private String object(int depth) {
            List<String> properties = new ArrayList<>();
            List<String> required = new ArrayList<>();
            for (String name : List.of("a", "ab", "b", "name", "ø")) {
                if (random.nextBoolean()) {
                    properties.add("\"" + name + "\": " + any(depth - 1));
                    if (random.nextBoolean()) {
                        required.add("\"" + name + "\"");
                    }
                }
            }
            return "{\"type\": \"object\", \"properties\": {" + String.join(", ", properties) + "}, \"required\": ["
                    + String.join(", ", required) + "], \"additionalProperties\": false}";
        }
    }
}
