package io.kaitoflow.activities.tuning.adapter;

import io.kaitoflow.presets.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an adapter was trained on, so that a server can refuse another base.
 *
 * @param baseModel name of the base model
 * @param weights digest of its weight files
 * @param tokenizer digest of its tokenizer, where it is a file of its own
 * @param chatTemplate digest of the text of the template that chats are written by; absent where there is none
 */
public record AdapterOrigin(
        String baseModel, Digest weights, Optional<Digest> tokenizer, Optional<Digest> chatTemplate) {

    /** As texts by name, for files that hold nothing else. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("kaitoflow.base_model", baseModel);
        texts.put("kaitoflow.base_weights", weights.value());
        tokenizer.ifPresent(digest -> texts.put("kaitoflow.tokenizer", digest.value()));
        chatTemplate.ifPresent(digest -> texts.put("kaitoflow.chat_template", digest.value()));
        return texts;
    }
}
