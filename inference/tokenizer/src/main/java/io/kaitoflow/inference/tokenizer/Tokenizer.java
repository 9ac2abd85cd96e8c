package io.kaitoflow.inference.tokenizer;

import io.kaitoflow.presets.Digest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Text to token ids and back, exactly as the model was trained. Adds no token of its own: neither a beginning nor an
 * end. Safe for use by many threads until it is closed.
 *
 * <p>Not lossless: a byte for which the vocabulary has no token is dropped, as the reference programs do.
 */
public interface Tokenizer extends AutoCloseable {

    /** The ids of a text; an unpaired surrogate counts as U+FFFD. */
    int[] encode(String text, SpecialTokens specialTokens);

    /** The ids of a text with the part that each stands for, in order. */
    List<TokenSpan> encodeSpans(String text, SpecialTokens specialTokens);

    /**
     * The text of some ids; bytes that are not UTF-8 become U+FFFD.
     *
     * @param keepSpecial whether special tokens show as their spelling or not at all
     * @throws TokenizerException.UnknownToken if an id is outside the vocabulary
     */
    String decode(int[] ids, boolean keepSpecial);

    /** One more than the greatest id; the model may have more rows than that, for padding. */
    int vocabularySize();

    /** The token that a raw text must begin with; empty if the model was trained without one. */
    OptionalInt bosId();

    /** The token that ends an answer. */
    int eosId();

    /** Every token that ends an answer; holds {@link #eosId()}. */
    Set<Integer> stopIds();

    /** The token as the vocabulary spells it; empty for an id that has none. */
    Optional<String> token(int id);

    /** The id of a token in the vocabulary's own spelling. */
    OptionalInt idOf(String token);

    /** The spellings that {@link SpecialTokens#RECOGNISED} recognises. */
    Set<String> specialTokens();

    /** The digest of the definition: equal digests, equal ids. */
    Digest digest();

    @Override
    void close();
}
