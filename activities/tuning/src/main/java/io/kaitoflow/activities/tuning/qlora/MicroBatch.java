package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.inference.training.HeadLoss;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows that go through the model together, padded on the right to the longest. Padding needs no mask: attention looks
 * only to the left, and padding is never scored.
 */
record MicroBatch(List<TokenisedRow> rows) {

    MicroBatch {
        rows = List.copyOf(rows);
    }

    int count() {
        return rows.size();
    }

    /** Tokens of the longest row. */
    int width() {
        return rows.stream().mapToInt(TokenisedRow::length).max().orElseThrow();
    }

    /** Tokens without padding. */
    int tokens() {
        return rows.stream().mapToInt(TokenisedRow::length).sum();
    }

    /** Lengths of the samples in each row. */
    List<int[]> samples() {
        return rows.stream().map(row -> new int[] {row.length()}).toList();
    }

    int scoredTokens() {
        return rows.stream().mapToInt(TokenisedRow::scoredTokens).sum();
    }

    /** All ids, count x width, padded with id 0. */
    long[] ids() {
        int width = width();
        long[] ids = new long[count() * width];
        for (int row = 0; row < count(); row++) {
            int[] tokens = rows.get(row).ids();
            for (int i = 0; i < tokens.length; i++) {
                ids[row * width + i] = tokens[i];
            }
        }
        return ids;
    }

    /** The positions before each scored token, and that token. */
    HeadLoss.Targets targets() {
        int width = width();
        int[] positions = IntStream.range(0, count())
                .flatMap(row -> predicting(rows.get(row)).map(i -> row * width + i))
                .toArray();
        int[] next = rows.stream()
                .flatMapToInt(row -> predicting(row).map(i -> row.ids()[i + 1]))
                .toArray();
        return new HeadLoss.Targets(positions, next);
    }

    private static IntStream predicting(TokenisedRow row) {
        return IntStream.range(0, row.length() - 1).filter(i -> row.scored()[i + 1]);
    }
}
