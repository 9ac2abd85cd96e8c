package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.rows.ReadRow;
import io.kaitoflow.activities.dataset.rows.RowOrigin;

/** A row after tokenising: good for training, or not and why. */
sealed interface JudgedRow {

    /**
     * A row to train on.
     *
     * @param whole before it was cut
     * @param kept what is trained on
     */
    record Trainable(RowOrigin origin, TokenisedRow whole, TokenisedRow kept) implements JudgedRow {
        boolean isTruncated() {
            return kept.length() < whole.length();
        }
    }

    /** A row that teaches nothing. */
    record Rejected(String sentence) implements JudgedRow {}

    /** Encodes a row and cuts it on the right. */
    static JudgedRow of(ReadRow row, RowEncoder encoder, int maxLength) {
        return switch (row) {
            case ReadRow.Unusable unusable -> new Rejected(unusable.sentence());
            case ReadRow.Usable usable -> encode(usable, encoder, maxLength);
        };
    }

    private static JudgedRow encode(ReadRow.Usable row, RowEncoder encoder, int maxLength) {
        try {
            return cut(row.origin(), encoder.encode(row.row()), maxLength);
        } catch (RowRefusedException e) {
            return new Rejected(row.origin() + ": " + e.getMessage());
        }
    }

    private static JudgedRow cut(RowOrigin origin, TokenisedRow whole, int maxLength) {
        TokenisedRow kept = whole.cutAt(maxLength);
        if (kept.scoredTokens() > 0) {
            return new Trainable(origin, whole, kept);
        }
        return new Rejected(
                whole.scoredTokens() == 0
                        ? origin + ": no token is left to learn."
                        : origin + ": all that would be learnt lies beyond the first " + maxLength + " of its "
                                + whole.length() + " tokens; raise max_length or shorten the row.");
    }
}
