package io.kaitoflow.inference.server.http.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** The one choice of a completion, in each of OpenAI's forms. */
sealed interface Choice {

    /** A whole chat reply. */
    record Message(
            int index,
            Said message,
            @Nullable Odds logprobs,
            @JsonProperty("finish_reason") String finishReason) implements Choice {

        Message(String text, @Nullable Odds odds, String finishReason) {
            this(0, new Said("assistant", text, null), odds, finishReason);
        }
    }

    /** A message as it is written. */
    record Said(String role, String content, @Nullable String refusal) {}

    /** A piece of a chat reply. */
    record Delta(
            int index,
            Piece delta,
            @Nullable Odds logprobs,
            @JsonProperty("finish_reason") @Nullable String finishReason)
            implements Choice {

        Delta(Piece delta, @Nullable Odds odds, @Nullable String finishReason) {
            this(0, delta, odds, finishReason);
        }
    }

    /** What a chunk adds; a field that adds nothing is left out. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Piece(@Nullable String role, @Nullable String content) {}

    /** A text completion, whole or in pieces. */
    record Text(
            int index,
            String text,
            @Nullable Odds logprobs,
            @JsonProperty("finish_reason") @Nullable String finishReason)
            implements Choice {

        Text(String text, @Nullable Odds odds, @Nullable String finishReason) {
            this(0, text, odds, finishReason);
        }
    }
}
