package io.kaitoflow.inference.server.chat;

/**
 * Tokens of one request.
 *
 * @param cachedTokens of the prompt, which an earlier request had computed
 */
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {

    /** Prompt and reply together. */
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
