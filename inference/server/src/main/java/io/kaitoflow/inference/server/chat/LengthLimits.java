package io.kaitoflow.inference.server.chat;

import java.util.OptionalInt;

/**
 * What a caller said about the length of a reply, in tokens; limits on prompt and reply together end in "Total".
 * A limit on new tokens goes before one on the total, as in transformers.
 */
public record LengthLimits(OptionalInt maxNew, OptionalInt maxTotal, int minTotal) {

    /** How long a reply may become when its caller did not say: a model that repeats itself must end some time. */
    public static final int DEFAULT_MAX_NEW = 512;

    /** What holds when a caller says nothing. */
    public static final LengthLimits DEFAULT = atMost(DEFAULT_MAX_NEW);

    /** At most {@code tokens} new tokens. */
    public static LengthLimits atMost(int tokens) {
        return new LengthLimits(OptionalInt.of(tokens), OptionalInt.empty(), 0);
    }

    /**
     * The bounds for a prompt that leaves room in the context; never beyond that room.
     *
     * @throws ChatFailure.BadRequest when the least length is above the greatest, or the greatest below the prompt's
     */
    TokenBudget budget(int promptTokens, int contextTokens) {
        int max = Math.min(wanted(promptTokens), contextTokens - promptTokens);
        int min = Math.max(0, minTotal - promptTokens);
        if (min > max) {
            throw new ChatFailure.BadRequest(
                    "min_length",
                    "min_length asks for " + min + " tokens of reply, and it may have " + max + " at most.");
        }
        return new TokenBudget(max, min);
    }

    private int wanted(int promptTokens) {
        if (maxNew.isPresent() || maxTotal.isEmpty()) {
            return maxNew.orElse(DEFAULT_MAX_NEW);
        }
        if (maxTotal.getAsInt() <= promptTokens) {
            throw new ChatFailure.BadRequest(
                    "max_length",
                    "max_length is " + maxTotal.getAsInt()
                            + " tokens for prompt and reply together, and the prompt alone has " + promptTokens
                            + "; raise it or give max_new_tokens.");
        }
        return maxTotal.getAsInt() - promptTokens;
    }
}
