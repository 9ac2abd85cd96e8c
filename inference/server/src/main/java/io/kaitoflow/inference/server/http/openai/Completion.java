package io.kaitoflow.inference.server.http.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.kaitoflow.inference.server.chat.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What OpenAI's calls answer, whole or as a chunk. */
sealed interface Completion {

    /** What every answer begins with; {@code created} in seconds since 1970. */
    record Head(String id, String object, long created, String model) {}

    /** With token counts; null in the chunks before the last. */
    record Counted(
            @JsonUnwrapped Head head,
            List<Choice> choices,
            @Nullable Counts usage) implements Completion {}

    /** A chunk of a stream whose caller did not ask for token counts. */
    record Uncounted(@JsonUnwrapped Head head, List<Choice> choices) implements Completion {}

    /** Tokens of the prompt that did not have to be computed. */
    record PromptDetails(@JsonProperty("cached_tokens") int cachedTokens) {}

    /** Tokens, in OpenAI's names. */
    record Counts(
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("completion_tokens") int completionTokens,
            @JsonProperty("total_tokens") int totalTokens,
            @JsonProperty("prompt_tokens_details") PromptDetails promptDetails) {

        static Counts of(Usage usage) {
            return new Counts(
                    usage.promptTokens(),
                    usage.completionTokens(),
                    usage.totalTokens(),
                    new PromptDetails(usage.cachedTokens()));
        }
    }
}
