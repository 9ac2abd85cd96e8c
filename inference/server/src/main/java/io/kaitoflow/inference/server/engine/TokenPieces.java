package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.server.schema.TokenTexts;
import java.util.stream.IntStream;

/** What each token of a tokenizer writes in the middle of a text. */
final class TokenPieces {

    private TokenPieces() {}

    static TokenTexts of(PieceText pieces) {
        return new TokenTexts(IntStream.range(0, pieces.vocabularySize())
                .mapToObj(id -> pieces.inside(id, false))
                .map(text -> text.indexOf('\uFFFD') < 0 ? text : "")
                .toList());
    }
}
