package io.kaitoflow.activities.dataset.tokens;

import java.util.Arrays;

/**
 * One training sequence.
 *
 * @param ids tokens in order
 * @param scored for each token, whether the model is taught to say it
 */
public record TokenisedRow(int[] ids, boolean[] scored) {

    public TokenisedRow {
        if (ids.length != scored.length) {
            throw new IllegalArgumentException(ids.length + " ids but " + scored.length + " marks");
        }
    }

    public int length() {
        return ids.length;
    }

    /** How many tokens carry loss; the first never does, because nothing comes before it. */
    public int scoredTokens() {
        int count = 0;
        for (int i = 1; i < scored.length; i++) {
            count += scored[i] ? 1 : 0;
        }
        return count;
    }

    /** The first tokens, at most so many. */
    public TokenisedRow cutAt(int length) {
        return length >= ids.length
                ? this
                : new TokenisedRow(Arrays.copyOf(ids, length), Arrays.copyOf(scored, length));
    }

    /** The last tokens, at most so many. */
    public TokenisedRow endOf(int length) {
        int from = Math.max(0, ids.length - length);
        return from == 0
                ? this
                : new TokenisedRow(
                        Arrays.copyOfRange(ids, from, ids.length), Arrays.copyOfRange(scored, from, scored.length));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenisedRow row && Arrays.equals(ids, row.ids) && Arrays.equals(scored, row.scored);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(scored);
    }

    @Override
    public String toString() {
        return "TokenisedRow[" + length() + " tokens, " + scoredTokens() + " scored]";
    }
}
