package io.kaitoflow.inference.tokenizer;

import java.util.List;

/** A conversation as tokens, each with whether the model is meant to have written it. */
public final class EncodedChat {

    private final int[] ids;
    private final boolean[] scored;

    EncodedChat(List<TokenSpan> tokens, List<Boolean> scored) {
        this.ids = tokens.stream().mapToInt(TokenSpan::id).toArray();
        this.scored = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            this.scored[i] = scored.get(i);
        }
    }

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }

    /** All token ids in order. */
    public int[] ids() {
        return ids.clone();
    }

    /** For each token whether it belongs to an answer or ends one. */
    public boolean[] scored() {
        return scored.clone();
    }
}
