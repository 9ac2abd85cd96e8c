package io.kaitoflow.inference.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A random llama with the outputs of the reference program beside it, given a tokenizer of its own: each token is one
 * Chinese character, so that ids can be written as text and read back.
 */
final class TinyModel {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOKENS = 256;
    private static final int EOS = 2;
    private static final int FIRST = 0x4E00;

    private TinyModel() {}

    /** Writes the model's folder. */
    static Path writeTo(Path folder) throws IOException {
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            try (InputStream file = resource(name)) {
                Files.copy(file, folder.resolve(name));
            }
        }
        JSON.writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer());
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"" + text(EOS) + "\"}");
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for message in messages %}{{ message.content }}{% endfor %}");
        return folder;
    }

    /** The reference program's sequences, each with {@code input_ids} and {@code argmax}. */
    static Iterable<JsonNode> references() throws IOException {
        try (InputStream file = resource("logits.json")) {
            return JSON.readTree(file).path("sequences");
        }
    }

    static String text(JsonNode ids) {
        return StreamSupport.stream(ids.spliterator(), false)
                .map(id -> text(id.asInt()))
                .reduce("", String::concat);
    }

    static String text(int id) {
        return Character.toString(FIRST + id);
    }

    private static ObjectNode tokenizer() {
        ObjectNode definition = JSON.createObjectNode().put("version", "1.0");
        ObjectNode model = definition.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        IntStream.range(0, TOKENS).forEach(id -> vocabulary.put(text(id), id));
        model.putArray("merges");
        definition.putObject("decoder").put("type", "Fuse");
        definition
                .putArray("added_tokens")
                .addObject()
                .put("id", EOS)
                .put("content", text(EOS))
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        return definition;
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(TinyModel.class.getResourceAsStream("/tiny-llama/" + name), name);
    }
}
