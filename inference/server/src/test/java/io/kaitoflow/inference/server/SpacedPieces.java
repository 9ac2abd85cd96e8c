package io.kaitoflow.inference.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A tokenizer for {@link TinyModel} as Llama 2 and Mistral 7B have it: pieces hold the space before them, and that of a text's first
 * piece is dropped. Each word is one token.
 */
final class SpacedPieces {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOKENS = 256;
    private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>", "<|assistant|>");
    private static final String LETTERS = "▁Oncepoarst[]/IN\"";

    private SpacedPieces() {}

    /** In place of the model's own; conversations end as those of Llama 2 do, in text. */
    static Path writeTo(Path folder) throws IOException {
        TinyModel.writeTo(folder);
        JSON.writeValue(folder.resolve("tokenizer.json").toFile(), definition());
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"add_bos_token\": true}");
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{{ bos_token }}{% for message in messages %}[INST] {{ message.content }} [/INST]{% endfor %}");
        return folder;
    }

    private static ObjectNode definition() {
        ObjectNode definition = JSON.createObjectNode().put("version", "1.0");
        ObjectNode model = definition.putObject("model").put("type", "BPE").put("unk_token", "<unk>");
        ObjectNode vocabulary = model.putObject("vocab");
        IntStream.range(0, TOKENS).forEach(id -> vocabulary.put(token(id), id));
        model.putArray("merges");
        definition
                .putObject("normalizer")
                .put("type", "Sequence")
                .putArray("normalizers")
                .add(JSON.createObjectNode().put("type", "Prepend").put("prepend", "▁"))
                .add(replace(" ", "▁"));
        definition
                .putObject("decoder")
                .put("type", "Sequence")
                .putArray("decoders")
                .add(replace("▁", " "))
                .add(JSON.createObjectNode().put("type", "Fuse"))
                .add(JSON.createObjectNode()
                        .put("type", "Strip")
                        .put("content", " ")
                        .put("start", 1)
                        .put("stop", 0));
        ArrayNode added = definition.putArray("added_tokens");
        IntStream.range(0, SPECIAL.size()).forEach(id -> added.add(special(id)));
        return definition;
    }

    /** Special tokens, letters to write prompts with, then words in pairs, with a space and without. */
    private static String token(int id) {
        int letter = id - SPECIAL.size();
        if (letter < 0) {
            return SPECIAL.get(id);
        }
        int word = letter - LETTERS.length();
        return word < 0 ? LETTERS.substring(letter, letter + 1) : (word % 2 == 0 ? "▁w" : "w") + word / 2;
    }

    private static ObjectNode replace(String what, String by) {
        ObjectNode replace = JSON.createObjectNode().put("type", "Replace");
        replace.putObject("pattern").put("String", what);
        return replace.put("content", by);
    }

    private static ObjectNode special(int id) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("content", SPECIAL.get(id))
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }
}
