package io.kaitoflow.inference.server.http.openai;

import io.kaitoflow.inference.server.chat.LengthLimits;
import io.kaitoflow.inference.server.chat.Question;
import io.kaitoflow.inference.server.chat.ReplyOrder;
import io.kaitoflow.inference.server.chat.Sampling;
import io.kaitoflow.inference.server.http.Seeds;
import io.kaitoflow.inference.server.http.body.JsonFields;
import io.kaitoflow.inference.server.http.body.TurnReader;
import io.kaitoflow.inference.server.schema.Shape;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads OpenAI's bodies; what this server would not honour is refused by name. */
@Singleton
final class CompletionRequestReader {

    /** OpenAI's own default for text completions. */
    private static final int DEFAULT_TEXT_TOKENS = 16;

    /** OpenAI's own bounds. */
    private static final int MOST_ODDS = 20;

    private static final int MOST_TEXT_ODDS = 5;

    private final Seeds seeds;

    CompletionRequestReader(Seeds seeds) {
        this.seeds = seeds;
    }

    /** A {@code POST /v1/chat/completions}. */
    CompletionRequest readChat(byte[] json) {
        JsonFields body = JsonFields.parse(json);
        Question question = TurnReader.read(body)
                .map(Question.Conversation::new)
                .orElseThrow(() -> body.refusal("messages", "is missing"));
        OptionalInt newName = tokens(body, "max_completion_tokens");
        OptionalInt oldName = tokens(body, "max_tokens");
        int most = newName.orElse(oldName.orElse(LengthLimits.DEFAULT_MAX_NEW));
        boolean odds = body.flag("logprobs").orElse(false);
        OptionalInt likeliest = body.integer("top_logprobs", 0, MOST_ODDS);
        if (likeliest.isPresent() && !odds) {
            throw body.refusal("top_logprobs", "needs logprobs to be true");
        }
        Optional<Shape> shape = body.object("response_format").flatMap(ResponseFormat::read);
        return read(body, question, most, odds ? OptionalInt.of(likeliest.orElse(0)) : OptionalInt.empty(), shape);
    }

    /** A {@code POST /v1/completions}; the prompt is continued as it is. */
    CompletionRequest readText(byte[] json) {
        JsonFields body = JsonFields.parse(json);
        List<String> prompts = body.texts("prompt", 1);
        if (prompts.isEmpty()) {
            throw body.refusal("prompt", "is missing");
        }
        body.only("best_of", 1);
        body.only("echo", false);
        int most = tokens(body, "max_tokens").orElse(DEFAULT_TEXT_TOKENS);
        OptionalInt odds = body.integer("logprobs", 0, MOST_TEXT_ODDS);
        return read(body, new Question.Continue(prompts.getFirst()), most, odds, Optional.empty());
    }

    private CompletionRequest read(
            JsonFields body, Question question, int mostTokens, OptionalInt odds, Optional<Shape> shape) {
        ReplyOrder order = new ReplyOrder(
                body.text("model"),
                question,
                LengthLimits.atMost(mostTokens),
                sampling(body),
                odds,
                stops(body),
                shape);
        boolean stream = body.flag("stream").orElse(false);
        boolean countTokens =
                body.object("stream_options").map(this::countsTokens).orElse(false);
        body.only("n", 1);
        body.note("user");
        body.refuseOthers();
        return new CompletionRequest(order, stream, countTokens);
    }

    private Sampling sampling(JsonFields body) {
        return new Sampling(
                body.number("temperature", 0, 2).orElse(1.0),
                body.integer("top_k", 0, Integer.MAX_VALUE).orElse(0),
                body.number("top_p", 0, 1).orElse(1.0),
                body.number("min_p", 0, 1).orElse(0.0),
                new Sampling.Penalties(
                        body.number("repetition_penalty", 0.01, 100).orElse(1.0),
                        body.number("presence_penalty", -2, 2).orElse(0.0),
                        body.number("frequency_penalty", -2, 2).orElse(0.0)),
                body.longInteger("seed").orElseGet(seeds));
    }

    private static List<String> stops(JsonFields body) {
        List<String> stops = body.texts("stop", 4);
        if (stops.contains("")) {
            throw body.refusal("stop", "must not hold an empty text");
        }
        return stops;
    }

    private static OptionalInt tokens(JsonFields body, String name) {
        return body.integer(name, 1, Integer.MAX_VALUE);
    }

    private boolean countsTokens(JsonFields options) {
        boolean counts = options.flag("include_usage").orElse(false);
        options.refuseOthers();
        return counts;
    }
}
