package io.kaitoflow.inference.server.http;

import java.util.List;

/** The rule of transformers for {@code clean_up_tokenization_spaces}. */
final class TokenSpaces {

    private static final List<String> TIGHT = List.of(".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re");

    private TokenSpaces() {}

    /** Takes out the space before English punctuation and contractions. */
    static String tidy(String text) {
        String tidied = text.replace(" ' ", "'");
        for (String mark : TIGHT) {
            tidied = tidied.replace(" " + mark, mark);
        }
        return tidied;
    }
}
