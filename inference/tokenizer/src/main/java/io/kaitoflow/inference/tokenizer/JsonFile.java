package io.kaitoflow.inference.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small JSON files of a model folder. */
final class JsonFile {

    private static final JsonMapper JSON = new JsonMapper();

    private JsonFile() {}

    static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new TokenizerException.Missing(
                    "Cannot read " + path + ": " + e + ". Complete the model's folder or check its permissions.", e);
        }
    }

    static JsonNode tree(Path path) {
        try {
            return JSON.readTree(text(path));
        } catch (JsonProcessingException e) {
            throw new TokenizerException.Damaged(
                    "The file " + path + " is not JSON: " + e.getOriginalMessage() + ". Fetch it again.", e);
        }
    }

    /** The tree of a file that may be absent; then a node that has nothing. */
    static JsonNode treeIfPresent(Path path) {
        return Files.isRegularFile(path) ? tree(path) : MissingNode.getInstance();
    }
}
