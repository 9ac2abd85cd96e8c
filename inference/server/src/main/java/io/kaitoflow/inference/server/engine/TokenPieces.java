package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.server.schema.TokenTexts;
import io.kaitoflow.inference.tokenizer.SpecialTokens;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/** What each token of a tokenizer writes in the middle of a text. */
final class TokenPieces {

    /** A token behind it keeps its leading space, which some tokenizers drop at the beginning of a text. */
    private static final String BEFORE = "\"";

    private TokenPieces() {}

    static TokenTexts of(Tokenizer tokenizer) {
        int[] before = tokenizer.encode(BEFORE, SpecialTokens.PLAIN);
        int anchor = before[before.length - 1];
        int skipped = tokenizer.decode(new int[] {anchor}, false).length();
        List<String> texts = IntStream.range(0, tokenizer.vocabularySize())
                .mapToObj(id -> tokenizer.decode(new int[] {anchor, id}, false).substring(skipped))
                .map(text -> text.indexOf('\uFFFD') < 0 ? text : "")
                .toList();
        return new TokenTexts(texts);
    }
}
