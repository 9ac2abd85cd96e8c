package io.kaitoflow.inference.server.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.LengthLimits;
import io.kaitoflow.inference.server.chat.Turn;
import io.kaitoflow.inference.server.http.body.JsonFields;
import io.kaitoflow.inference.server.http.body.TurnReader;
import java.util.List;
import java.util.Optional;

/**
 * KAITO's {@code POST /chat} as a call of OpenAI's API, with the few settings beyond it that vLLM knows.
 *
 * @param path of OpenAI's call
 * @param body of OpenAI's call
 * @param echo what stands before the reply
 */
record ChatCall(String path, ObjectNode body, String echo) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int USUAL_TOP_K = 50;

    /**
     * Reads a body strictly: what would not be honoured is refused by name.
     *
     * @param defaultModel that answers when none is named
     * @throws ChatFailure.BadRequest naming the field
     */
    static ChatCall read(byte[] json, String defaultModel) {
        JsonFields fields = JsonFields.parse(json);
        ObjectNode body =
                JSON.createObjectNode().put("model", fields.text("model").orElse(defaultModel));
        Optional<String> prompt = fields.text("prompt");
        Optional<List<Turn>> turns = TurnReader.read(fields);
        boolean raw = fields.flag("raw").orElse(false);
        if (prompt.isPresent() == turns.isPresent()) {
            throw fields.refusal("prompt", "or messages must be given, and not both");
        }
        if (raw && turns.isPresent()) {
            throw fields.refusal("raw", "goes with prompt only: messages need the chat template");
        }
        Optional<JsonFields> settings = fields.object("generate_kwargs");
        settings.ifPresentOrElse(given -> settings(given, body), () -> greedy(body, LengthLimits.DEFAULT_MAX_NEW));
        boolean whole = fields.flag("return_full_text").orElse(false);
        fields.only("clean_up_tokenization_spaces", false);
        fields.refuseOthers();
        String echo = whole ? prompt.orElse("") : "";
        if (raw) {
            body.put("prompt", prompt.orElseThrow());
            return new ChatCall("/v1/completions", body, echo);
        }
        body.set("messages", messages(turns.orElseGet(() -> List.of(new Turn("user", prompt.orElseThrow())))));
        return new ChatCall("/v1/chat/completions", body, echo);
    }

    /** The reply's text, of either of OpenAI's two forms. */
    String text(JsonNode answer) {
        JsonNode choice = answer.path("choices").path(0);
        return echo
                + choice.path("message")
                        .path("content")
                        .asText(choice.path("text").asText(""));
    }

    private static void settings(JsonFields given, ObjectNode body) {
        given.only("typical_p", 1.0);
        given.only("num_beams", 1);
        given.only("min_length", 0);
        if (given.json("max_length").isPresent()) {
            throw given.refusal("max_length", "is not honoured by this runtime; give max_new_tokens");
        }
        int tokens = given.integer("max_new_tokens", 1, Integer.MAX_VALUE).orElse(LengthLimits.DEFAULT_MAX_NEW);
        boolean sample = given.flag("do_sample").orElse(false);
        double temperature = given.number("temperature", 0, 100).orElse(1.0);
        int topK = given.integer("top_k", 0, Integer.MAX_VALUE).orElse(USUAL_TOP_K);
        double topP = given.number("top_p", 0, 1).orElse(1.0);
        double minP = given.number("min_p", 0, 1).orElse(0.0);
        Optional<Double> repetition = given.number("repetition_penalty", 0.01, 100);
        given.refuseOthers();
        if (sample) {
            body.put("max_tokens", tokens).put("temperature", temperature).put("top_p", topP);
            body.put("top_k", topK).put("min_p", minP);
        } else {
            greedy(body, tokens);
        }
        repetition.ifPresent(penalty -> body.put("repetition_penalty", penalty));
    }

    private static void greedy(ObjectNode body, int tokens) {
        body.put("max_tokens", tokens).put("temperature", 0.0);
    }

    private static ArrayNode messages(List<Turn> turns) {
        ArrayNode messages = JSON.createArrayNode();
        turns.forEach(turn -> messages.addObject().put("role", turn.role()).put("content", turn.content()));
        return messages;
    }
}
