package io.kaitoflow.inference.server.chat;

/** Tokens of one request. */
public record Usage(int promptTokens, int completionTokens) {

    /** Prompt and reply together. */
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
