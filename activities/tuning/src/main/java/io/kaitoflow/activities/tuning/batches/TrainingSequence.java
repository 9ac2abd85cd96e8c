package io.kaitoflow.activities.tuning.batches;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What goes through the model as one sequence: a row, or several one after the other that do not see each other.
 *
 * @param samples the rows, at least one
 */
public record TrainingSequence(List<TokenisedRow> samples) {

    public TrainingSequence {
        samples = List.copyOf(samples);
    }

    public static TrainingSequence of(TokenisedRow row) {
        return new TrainingSequence(List.of(row));
    }

    public int length() {
        return samples.stream().mapToInt(TokenisedRow::length).sum();
    }

    public int scoredTokens() {
        return samples.stream().mapToInt(TokenisedRow::scoredTokens).sum();
    }

    public int[] sampleLengths() {
        return samples.stream().mapToInt(TokenisedRow::length).toArray();
    }

    public int[] ids() {
        return samples.stream().flatMapToInt(row -> IntStream.of(row.ids())).toArray();
    }

    /** The positions before each scored token; the first token of a sample is never asked of the one before it. */
    public int[] predicting() {
        IntStream.Builder positions = IntStream.builder();
        int first = 0;
        for (TokenisedRow row : samples) {
            for (int i = 0; i + 1 < row.length(); i++) {
                if (row.scored()[i + 1]) {
                    positions.add(first + i);
                }
            }
            first += row.length();
        }
        return positions.build().toArray();
    }
}
