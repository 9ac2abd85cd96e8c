package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.tokenizer.SpecialTokens;
import io.kaitoflow.inference.tokenizer.StreamingDecoder;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What tokens write, one by one. Some tokenizers drop the space of the first token of a text, so it counts whether others stand
 * before.
 */
final class PieceText {

    /** Of which the last token can stand before any other. */
    private static final String BEFORE = "\"";

    private final Tokenizer tokenizer;
    /** Empty where the vocabulary has no such token; then every token is taken for the first. */
    private final OptionalInt before;

    PieceText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.before = IntStream.of(tokenizer.encode(BEFORE, SpecialTokens.PLAIN))
                .filter(id -> !first(id, false).isEmpty())
                .reduce((_, last) -> last);
    }

    int vocabularySize() {
        return tokenizer.vocabularySize();
    }

    /** What the token writes at the beginning of a text. */
    String first(int id, boolean keepSpecial) {
        return tokenizer.decode(new int[] {id}, keepSpecial);
    }

    /** What the token writes behind others. */
    String inside(int id, boolean keepSpecial) {
        if (before.isEmpty()) {
            return first(id, keepSpecial);
        }
        int other = before.getAsInt();
        return tokenizer
                .decode(new int[] {other, id}, keepSpecial)
                .substring(first(other, keepSpecial).length());
    }

    /** Whether the token is part of a text; special ones are not. */
    boolean shows(int id) {
        return !inside(id, false).isEmpty();
    }

    /** @param goesOn whether the text stands behind another, and is no text of its own */
    StreamingDecoder decoder(boolean goesOn) {
        return goesOn && before.isPresent()
                ? StreamingDecoder.behind(before.getAsInt(), tokenizer, false)
                : new StreamingDecoder(tokenizer, false);
    }
}
