package io.kaitoflow.inference.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.presets.Digest;
import java.util.Iterator;

/**
 * All that makes a tokenizer.
 *
 * @param json  a whole tokenizer.json
 * @param marks which of its tokens begin and end sequences
 */
record TokenizerDefinition(String json, SequenceMarks marks) {

    private static final JsonMapper JSON = new JsonMapper();

    Vocabulary vocabulary() {
        return new Vocabulary(tree());
    }

    /** The same tokenizer without its special tokens, so that their spellings are ordinary text. */
    String plainJson() {
        ObjectNode tree = tree();
        if (tree.get("added_tokens") instanceof ArrayNode added) {
            for (Iterator<JsonNode> tokens = added.iterator(); tokens.hasNext(); ) {
                if (tokens.next().path("special").asBoolean()) {
                    tokens.remove();
                }
            }
        }
        return tree.toString();
    }

    Digest digest() {
        return Sha256.ofText(json);
    }

    private ObjectNode tree() {
        try {
            if (JSON.readTree(json) instanceof ObjectNode tree) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            throw new TokenizerException.Damaged(
                    "The tokenizer.json is not JSON: " + e.getOriginalMessage() + ". Fetch it again.", e);
        }
        throw new TokenizerException.Damaged("The tokenizer.json is not a JSON object. Fetch it again.");
    }
}
