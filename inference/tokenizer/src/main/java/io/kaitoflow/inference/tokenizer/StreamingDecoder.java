package io.kaitoflow.inference.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns ids that arrive one by one into text that never splits a character. The parts together are what decoding all
 * ids at once gives. For one answer and one thread.
 */
public final class StreamingDecoder {

    private static final char REPLACEMENT = '\uFFFD';

    private final Tokenizer tokenizer;
    private final boolean keepSpecial;

    /**
     * The last ids whose text was given, then those that are not given yet. The given ones stay because some decoders
     * treat the first token of a text differently.
     */
    private final List<Integer> window = new ArrayList<>();

    private int givenIds;
    private int givenChars;

    /** @param keepSpecial whether special tokens show as their spelling or not at all */
    public StreamingDecoder(Tokenizer tokenizer, boolean keepSpecial) {
        this.tokenizer = tokenizer;
        this.keepSpecial = keepSpecial;
    }

    /**
     * For an answer that goes on with a text.
     *
     * @param before a token of that text, of whole characters
     */
    public static StreamingDecoder behind(int before, Tokenizer tokenizer, boolean keepSpecial) {
        StreamingDecoder decoder = new StreamingDecoder(tokenizer, keepSpecial);
        decoder.add(before);
        return decoder;
    }

    /** The text that this id completes; empty while a character is still in pieces. */
    public String add(int id) {
        window.add(id);
        String text = decodeWindow();
        int complete = lengthWithoutPieces(text);
        String fresh = text.substring(Math.min(givenChars, complete), complete);
        givenChars = Math.max(givenChars, complete);
        if (complete == text.length()) {
            forget(fresh.isEmpty() && givenChars > 0);
        }
        return fresh;
    }

    /** Some decoders show each byte of a character that is not whole yet as one replacement. */
    private static int lengthWithoutPieces(String text) {
        int length = text.length();
        while (length > 0 && text.charAt(length - 1) == REPLACEMENT) {
            length--;
        }
        return length;
    }

    /** What is left when no more ids come: the pieces of a character that never became whole, as U+FFFD. */
    public String finish() {
        String rest = decodeWindow().substring(givenChars);
        window.clear();
        givenIds = 0;
        givenChars = 0;
        return rest;
    }

    /** @param invisible whether the last id wrote nothing: what comes next would be first again if only that one stayed */
    private void forget(boolean invisible) {
        if (invisible) {
            window.removeLast();
            return;
        }
        window.subList(0, givenIds).clear();
        givenIds = window.size();
        givenChars = decodeWindow().length();
    }

    private String decodeWindow() {
        return tokenizer.decode(window.stream().mapToInt(Integer::intValue).toArray(), keepSpecial);
    }
}
