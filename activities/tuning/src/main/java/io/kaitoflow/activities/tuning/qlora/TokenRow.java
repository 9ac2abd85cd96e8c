package io.kaitoflow.activities.tuning.qlora;

/**
 * A training row as the model sees it.
 *
 * @param ids tokens in order
 * @param scored for each token, whether the loss asks for it; the first token's mark means nothing, since nothing stands
 *     before it to predict it from
 */
public record TokenRow(int[] ids, boolean[] scored) {

    public TokenRow {
        if (ids.length != scored.length || ids.length == 0) {
            throw new IllegalArgumentException("A row needs tokens and a mark for each, not " + ids.length
                    + " tokens and " + scored.length + " marks");
        }
    }

    /** How many tokens it has. */
    public int length() {
        return ids.length;
    }

    /** How many tokens the loss asks for. */
    public int scoredTokens() {
        int count = 0;
        for (int i = 1; i < scored.length; i++) {
            count += scored[i] ? 1 : 0;
        }
        return count;
    }
}
