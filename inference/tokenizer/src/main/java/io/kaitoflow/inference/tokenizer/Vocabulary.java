package io.kaitoflow.inference.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tokens of a tokenizer.json by id and by spelling. */
final class Vocabulary {

    private final List<@Nullable String> byId = new ArrayList<>();
    private final Map<String, Integer> byToken = new HashMap<>();
    private final Set<String> special = new LinkedHashSet<>();

    /** @param definition a whole tokenizer.json; models of pairs (BPE, WordPiece) and of lists (Unigram) are read */
    Vocabulary(JsonNode definition) {
        JsonNode vocabulary = definition.path("model").path("vocab");
        if (vocabulary.isObject()) {
            vocabulary
                    .properties()
                    .forEach(field -> put(field.getKey(), field.getValue().asInt()));
        } else {
            vocabulary.forEach(piece -> put(piece.path(0).asText(), byId.size()));
        }
        for (JsonNode added : definition.path("added_tokens")) {
            String token = added.path("content").asText();
            put(token, added.path("id").asInt());
            if (added.path("special").asBoolean()) {
                special.add(token);
            }
        }
    }

    int size() {
        return byId.size();
    }

    @Nullable
    String token(int id) {
        return id >= 0 && id < byId.size() ? byId.get(id) : null;
    }

    @Nullable
    Integer idOf(String token) {
        return byToken.get(token);
    }

    Set<String> special() {
        return Collections.unmodifiableSet(special);
    }

    private void put(String token, int id) {
        while (byId.size() <= id) {
            byId.add(null);
        }
        byId.set(id, token);
        byToken.put(token, id);
    }
}
