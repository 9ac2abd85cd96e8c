package io.kaitoflow.inference.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.chat.ChatTemplate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chat template of a model folder: a file of its own, or an entry of tokenizer_config.json. */
record FolderTemplate(Path folder, JsonNode tokenizerConfiguration) {

    private static final String FILE = "chat_template.jinja";
    private static final String ENTRY = "chat_template";
    private static final List<String> TOKENS = List.of("bos_token", "eos_token", "pad_token", "unk_token");

    ChatTemplate template() {
        String source = ofFile().or(this::ofEntry)
                .orElseThrow(() -> new TokenizerException.Missing("No chat template in " + folder
                        + ": neither " + FILE + " nor " + ENTRY + " in tokenizer_config.json."
                        + " Use an instruct model, or add its template."));
        return new ChatTemplate(source, variables(), Clock.systemDefaultZone());
    }

    private Optional<String> ofFile() {
        Path file = folder.resolve(FILE);
        return Files.isRegularFile(file) ? Optional.of(JsonFile.text(file)) : Optional.empty();
    }

    /** The entry is one template, or a list of named ones, of which the default is meant. */
    private Optional<String> ofEntry() {
        JsonNode entry = tokenizerConfiguration.path(ENTRY);
        for (JsonNode named : entry) {
            if (named.path("name").asText().equals("default")) {
                return Optional.of(named.path("template").asText());
            }
        }
        return entry.isTextual() ? Optional.of(entry.asText()) : Optional.empty();
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        for (String token : TOKENS) {
            FolderMarks.spelling(tokenizerConfiguration, token).ifPresent(text -> variables.put(token, text));
        }
        return variables;
    }
}
