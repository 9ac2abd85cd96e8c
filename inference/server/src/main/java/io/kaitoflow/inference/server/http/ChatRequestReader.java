package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.chat.LengthLimits;
import io.kaitoflow.inference.server.chat.Question;
import io.kaitoflow.inference.server.chat.ReplyOrder;
import io.kaitoflow.inference.server.chat.Sampling;
import io.kaitoflow.inference.server.chat.Turn;
import io.kaitoflow.inference.server.http.body.JsonFields;
import io.kaitoflow.inference.server.http.body.TurnReader;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads KAITO's {@code POST /chat}, whose generation settings have the names and meanings of transformers. */
@Singleton
final class ChatRequestReader {

    private final Seeds seeds;

    ChatRequestReader(Seeds seeds) {
        this.seeds = seeds;
    }

    ChatRequest read(byte[] json) {
        JsonFields body = JsonFields.parse(json);
        Optional<JsonFields> settings = body.object("generate_kwargs");
        ReplyOrder order = new ReplyOrder(
                body.text("model"),
                question(body),
                settings.map(ChatRequestReader::length).orElse(LengthLimits.DEFAULT),
                settings.map(this::sampling).orElse(Sampling.GREEDY),
                OptionalInt.empty(),
                List.of(),
                Optional.empty());
        boolean fullText = body.flag("return_full_text").orElse(false);
        boolean tidySpaces = body.flag("clean_up_tokenization_spaces").orElse(false);
        settings.ifPresent(JsonFields::refuseOthers);
        body.refuseOthers();
        return new ChatRequest(order, fullText, tidySpaces);
    }

    private static Question question(JsonFields body) {
        Optional<String> prompt = body.text("prompt");
        Optional<List<Turn>> turns = TurnReader.read(body);
        boolean raw = body.flag("raw").orElse(false);
        if (prompt.isPresent() == turns.isPresent()) {
            throw body.refusal("prompt", "or messages must be given, and not both");
        }
        if (raw && turns.isPresent()) {
            throw body.refusal("raw", "goes with prompt only: messages need the chat template");
        }
        return turns.<Question>map(Question.Conversation::new)
                .or(() -> prompt.map(text -> raw ? new Question.Continue(text) : new Question.Ask(text)))
                .orElseThrow();
    }

    private static LengthLimits length(JsonFields settings) {
        return new LengthLimits(
                settings.integer("max_new_tokens", 1, Integer.MAX_VALUE),
                settings.integer("max_length", 1, Integer.MAX_VALUE),
                settings.integer("min_length", 0, Integer.MAX_VALUE).orElse(0));
    }

    /** As in transformers, temperature, top_k and top_p speak only when {@code do_sample} is true. */
    private Sampling sampling(JsonFields settings) {
        settings.only("typical_p", 1.0);
        settings.only("num_beams", 1);
        boolean sample = settings.flag("do_sample").orElse(false);
        double temperature = settings.number("temperature", 0, 100).orElse(1.0);
        int topK = settings.integer("top_k", 0, Integer.MAX_VALUE).orElse(50);
        double topP = settings.number("top_p", 0, 1).orElse(1.0);
        double minP = settings.number("min_p", 0, 1).orElse(0.0);
        var penalties = new Sampling.Penalties(
                settings.number("repetition_penalty", 0.01, 100).orElse(1.0), 0, 0);
        return sample
                ? new Sampling(temperature, topK, topP, minP, penalties, seeds.getAsLong())
                : new Sampling(0, 0, 1, 0, penalties, 0);
    }
}
