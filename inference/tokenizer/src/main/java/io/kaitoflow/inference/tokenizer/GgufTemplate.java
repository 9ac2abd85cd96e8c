package io.kaitoflow.inference.tokenizer;

import io.kaitoflow.inference.chat.ChatTemplate;
import io.kaitoflow.inference.weights.GgufFile;
import io.kaitoflow.inference.weights.GgufMetadata;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chat template in a GGUF header. */
record GgufTemplate(GgufFile file) {

    private static final String KEY = "tokenizer.chat_template";

    ChatTemplate template() {
        String source = source().orElseThrow(() -> new TokenizerException.Missing(
                "No chat template in " + file.path() + ": its header has no " + KEY + ". Use an instruct model."));
        return new ChatTemplate(source, variables(), Clock.systemDefaultZone());
    }

    /** Empty in files of base models. */
    Optional<String> source() {
        return file.metadata().findText(KEY);
    }

    /** The spellings of the tokens with a role. */
    Map<String, String> variables() {
        GgufMetadata metadata = file.metadata();
        List<String> tokens = metadata.texts("tokenizer.ggml.tokens");
        Map<String, String> roles = Map.of("bos_token", "bos", "eos_token", "eos");
        Map<String, String> variables = new HashMap<>();
        roles.forEach((variable, role) -> metadata.findWhole("tokenizer.ggml." + role + "_token_id")
                .filter(id -> id >= 0 && id < tokens.size())
                .ifPresent(id -> variables.put(variable, tokens.get(id.intValue()))));
        return variables;
    }
}
