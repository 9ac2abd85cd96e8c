package io.kaitoflow.inference.decode;

/**
 * How long a sequence is where that decides how all of it turns: under some rotations its keys and values are others as soon as
 * it is longer than a short text. Under all others every sequence is short.
 */
enum Reach {
    /** Never longer than a short text. */
    SHORT,
    /** Still a short text, with room to become a long one: what it computes now may be overwritten, so nobody shares it. */
    GROWING,
    /** A long text. */
    LONG;

    /** @param shortLength the greatest length of a short text */
    static Reach of(int prompt, int capacity, int shortLength) {
        if (prompt > shortLength) {
            return LONG;
        }
        return capacity > shortLength ? GROWING : SHORT;
    }
}
