package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.rows.TrainingRows;

/**
 * Rows, and everything that decides what becomes of them.
 *
 * @param rows read anew by every pass
 * @param encoder for the model's tokenizer and template
 * @param maxLength tokens that a row keeps
 * @param keepEnd whether a row that is longer keeps its end; else its beginning
 * @param trainFraction share that is trained on; the rest is held out
 * @param seed of the choice of the held-out rows
 */
public record TokenisingJob(
        TrainingRows rows, RowEncoder encoder, int maxLength, boolean keepEnd, double trainFraction, long seed) {

    public TokenisingJob {
        if (maxLength < 2) {
            throw new IllegalArgumentException("max_length " + maxLength + " leaves nothing to learn");
        }
        if (!(trainFraction > 0 && trainFraction <= 1)) {
            throw new IllegalArgumentException("train_test_split must lie above 0 and at most at 1: " + trainFraction);
        }
    }

    /** What is kept of a row. */
    TokenisedRow cut(TokenisedRow whole) {
        return keepEnd ? whole.endOf(maxLength) : whole.cutAt(maxLength);
    }
}
