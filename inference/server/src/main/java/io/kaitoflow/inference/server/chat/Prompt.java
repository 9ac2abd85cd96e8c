package io.kaitoflow.inference.server.chat;

/** The tokens a model continues; made by {@link ChatModel} alone, so that they are of its vocabulary. */
public final class Prompt {

    private final int[] tokens;
    private final boolean endsInText;

    /** One after which the reply is a text of its own, as in a conversation. Keeps a copy of {@code tokens}. */
    public Prompt(int[] tokens) {
        this(tokens, false);
    }

    /**
     * Keeps a copy of {@code tokens}.
     *
     * @param endsInText whether the reply goes on with the prompt's text, so that both can be put together
     */
    public Prompt(int[] tokens, boolean endsInText) {
        this.tokens = tokens.clone();
        this.endsInText = endsInText;
    }

    /** Whether the reply goes on with the prompt's text, and is no text of its own. */
    public boolean endsInText() {
        return endsInText;
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
