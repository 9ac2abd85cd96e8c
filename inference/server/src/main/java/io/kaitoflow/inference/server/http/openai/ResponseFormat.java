package io.kaitoflow.inference.server.http.openai;

import io.kaitoflow.inference.server.http.body.JsonFields;
import io.kaitoflow.inference.server.schema.SchemaException;
import io.kaitoflow.inference.server.schema.SchemaReader;
import io.kaitoflow.inference.server.schema.Shape;
import java.util.Optional;

/** Reads OpenAI's {@code response_format}: text, or JSON by a schema. */
final class ResponseFormat {

    private ResponseFormat() {}

    static Optional<Shape> read(JsonFields format) {
        String type = format.text("type").orElse("");
        Optional<Shape> shape = switch (type) {
            case "text" -> Optional.empty();
            case "json_schema" -> Optional.of(shape(format));
            default ->
                throw format.refusal(
                        "type", "must be \"text\" or \"json_schema\": no other format is honoured by this server");
        };
        format.refuseOthers();
        return shape;
    }

    private static Shape shape(JsonFields format) {
        JsonFields named = format.object("json_schema").orElseThrow(() -> format.refusal("json_schema", "is missing"));
        named.note("name");
        named.note("description");
        // Every schema that is taken is kept to, strict or not.
        named.note("strict");
        try {
            Shape shape =
                    SchemaReader.read(named.json("schema").orElseThrow(() -> named.refusal("schema", "is missing")));
            named.refuseOthers();
            return shape;
        } catch (SchemaException e) {
            throw named.refusal("schema", "cannot be kept to: " + e.getMessage());
        }
    }
}
