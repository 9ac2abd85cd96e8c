package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.PageMemory;
import java.util.ArrayList;
import java.util.List;

/** The tokens of one sequence that were computed, and the pages that hold their keys and values. */
public final class Sequence {
    final List<Page> pages = new ArrayList<>();
    private final int[] tokens;
    private final int shortLength;
    private final int cached;
    private Reach reach;
    private int length;

    /** @param shortLength tokens beyond which a growing one is long */
    Sequence(List<Page> shared, List<Page> own, int capacity, Reach reach, int shortLength) {
        pages.addAll(shared);
        pages.addAll(own);
        tokens = new int[capacity];
        this.reach = reach;
        this.shortLength = shortLength;
        cached = shared.size() * PageMemory.TOKENS;
        length = cached;
    }

    /** Tokens whose keys and values are there. */
    public int length() {
        return length;
    }

    /** Tokens at the head that another sequence had computed. */
    public int cached() {
        return cached;
    }

    /** Greatest length. */
    public int capacity() {
        return tokens.length;
    }

    /**
     * Gets ready to become {@code tokens} long. Where that changes how all of it turns, its keys and values are of no use any
     * more: its length is 0 then, and it is computed anew from its first token on, as part of the longer sequence.
     */
    public void growTo(int tokens) {
        if (reach == Reach.GROWING && tokens > shortLength) {
            reach = Reach.LONG;
            length = 0;
        }
    }

    /** Whether it turns as long texts do. */
    public boolean isLong() {
        return reach == Reach.LONG;
    }

    Reach reach() {
        return reach;
    }

    /** The page that holds a position's key and value. */
    public int page(int position) {
        return pages.get(position / PageMemory.TOKENS).number();
    }

    /** Says that a token is computed with the step under way. */
    public void append(int token) {
        if (reach == Reach.GROWING && length == shortLength) {
            throw new IllegalStateException("Token " + length + " makes a long text of a short one; say growTo first");
        }
        tokens[length] = token;
        length++;
    }

    void adopt(int[] prompt) {
        System.arraycopy(prompt, 0, tokens, 0, cached);
    }

    /** The tokens of a page that is full. */
    List<Integer> tokensOf(int page) {
        List<Integer> own = new ArrayList<>(PageMemory.TOKENS);
        for (int i = 0; i < PageMemory.TOKENS; i++) {
            own.add(tokens[page * PageMemory.TOKENS + i]);
        }
        return List.copyOf(own);
    }

    /** A page by its number in the memory; {@code content} is unique for what was once computed in it. */
    record Page(int number, long content) {}
}
