package io.kaitoflow.inference.server.chat;

/** The tokens a model continues; made by {@link ChatModel} alone, so that they are of its vocabulary. */
public final class Prompt {

    private final int[] tokens;

    /** Keeps a copy of {@code tokens}. */
    public Prompt(int[] tokens) {
        this.tokens = tokens.clone();
    }

    /** Number of tokens. */
    public int length() {
        return tokens.length;
    }

    /** A copy of the token ids. */
    public int[] tokens() {
        return tokens.clone();
    }
}
