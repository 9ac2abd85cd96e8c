package io.kaitoflow.inference.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which tokens begin and end sequences, from the several files of a model folder that each know a part.
 *
 * @param definition tokenizer.json
 * @param tokenizer tokenizer_config.json
 * @param models generation_config.json and config.json: the first that names ending ids decides
 */
record FolderMarks(JsonNode definition, JsonNode tokenizer, List<JsonNode> models) {

    SequenceMarks marks(Path folder) {
        Vocabulary vocabulary = new Vocabulary(definition);
        Set<Integer> stops = endingIds();
        int eos = named(vocabulary, "eos_token")
                .or(() -> stops.stream().findFirst())
                .orElseThrow(() -> new TokenizerException.Missing("No file in " + folder
                        + " names the token that ends an answer. Add eos_token to tokenizer_config.json."));
        Optional<Integer> bos = named(vocabulary, "bos_token").filter(this::isPutFirst);
        return new SequenceMarks(bos.map(OptionalInt::of).orElse(OptionalInt.empty()), eos, stops);
    }

    /** The spelling of a role's token: a string, or an object with the spelling inside. */
    static Optional<String> spelling(JsonNode tokenizerConfiguration, String role) {
        JsonNode token = tokenizerConfiguration.path(role);
        JsonNode text = token.isObject() ? token.path("content") : token;
        return text.isTextual() ? Optional.of(text.asText()) : Optional.empty();
    }

    private Optional<Integer> named(Vocabulary vocabulary, String role) {
        return spelling(tokenizer, role).flatMap(token -> Optional.ofNullable(vocabulary.idOf(token)));
    }

    private Set<Integer> endingIds() {
        Set<Integer> ids = new LinkedHashSet<>();
        for (JsonNode model : models) {
            JsonNode named = model.path("eos_token_id");
            if (named.isInt()) {
                ids.add(named.asInt());
            }
            named.forEach(id -> ids.add(id.asInt()));
            if (!ids.isEmpty()) {
                return ids;
            }
        }
        return ids;
    }

    /** An explicit flag wins; else the definition's own post-processor says what goes first. */
    private boolean isPutFirst(int bos) {
        JsonNode flag = tokenizer.path("add_bos_token");
        return flag.isBoolean() ? flag.asBoolean() : putsFirst(definition.path("post_processor"), bos);
    }

    private boolean putsFirst(JsonNode postProcessor, int bos) {
        for (JsonNode inner : postProcessor.path("processors")) {
            if (putsFirst(inner, bos)) {
                return true;
            }
        }
        String first = postProcessor
                .path("single")
                .path(0)
                .path("SpecialToken")
                .path("id")
                .asText();
        JsonNode ids = postProcessor.path("special_tokens").path(first).path("ids");
        return ids.path(0).isInt() && ids.path(0).asInt() == bos;
    }
}
