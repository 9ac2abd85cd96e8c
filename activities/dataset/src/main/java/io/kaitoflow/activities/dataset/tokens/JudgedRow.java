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

    /** Encodes a row and cuts it as the job says. */
    static JudgedRow of(ReadRow row, TokenisingJob job) {
        return switch (row) {
            case ReadRow.Unusable unusable -> new Rejected(unusable.sentence());
            case ReadRow.Usable usable -> encode(usable, job);
        };
    }

    private static JudgedRow encode(ReadRow.Usable row, TokenisingJob job) {
        try {
            return cut(row.origin(), job.encoder().encode(row.row()), job);
        } catch (RowRefusedException e) {
            return new Rejected(row.origin() + ": " + e.getMessage());
        }
    }

    private static JudgedRow cut(RowOrigin origin, TokenisedRow whole, TokenisingJob job) {
        TokenisedRow kept = job.cut(whole);
        if (kept.scoredTokens() > 0) {
            return new Trainable(origin, whole, kept);
        }
        return new Rejected(
                whole.scoredTokens() == 0
                        ? origin + ": no token is left to learn; give it an answer, or leave the row out."
                        : origin + ": all that would be learnt lies beyond the " + (job.keepEnd() ? "last " : "first ")
                                + job.maxLength() + " of its " + whole.length()
                                + " tokens; raise max_length or shorten the row.");
    }
}
