package io.kaitoflow.activities.tuning.batches;

import io.kaitoflow.inference.training.HeadLoss;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences that go through the model together, padded on the right to the longest. Padding needs no mask: attention looks
 * only to the left, and padding is never scored.
 */
public record MicroBatch(List<TrainingSequence> sequences) {

    public MicroBatch {
        sequences = List.copyOf(sequences);
    }

    public int count() {
        return sequences.size();
    }

    /** Rows of the data. */
    public int rows() {
        return sequences.stream()
                .mapToInt(sequence -> sequence.samples().size())
                .sum();
    }

    /** Tokens of the longest sequence. */
    public int width() {
        return sequences.stream().mapToInt(TrainingSequence::length).max().orElseThrow();
    }

    /** Tokens without padding. */
    public int tokens() {
        return sequences.stream().mapToInt(TrainingSequence::length).sum();
    }

    /** Lengths of the samples in each sequence. */
    public List<int[]> samples() {
        return sequences.stream().map(TrainingSequence::sampleLengths).toList();
    }

    public int scoredTokens() {
        return sequences.stream().mapToInt(TrainingSequence::scoredTokens).sum();
    }

    /** All ids, count x width, padded with id 0. */
    public long[] ids() {
        int width = width();
        long[] ids = new long[count() * width];
        for (int row = 0; row < count(); row++) {
            int[] tokens = sequences.get(row).ids();
            for (int i = 0; i < tokens.length; i++) {
                ids[row * width + i] = tokens[i];
            }
        }
        return ids;
    }

    /** The positions before each scored token, and that token. */
    public HeadLoss.Targets targets() {
        int width = width();
        int[] positions = IntStream.range(0, count())
                .flatMap(row -> Arrays.stream(sequences.get(row).predicting()).map(i -> row * width + i))
                .toArray();
        int[] next = sequences.stream()
                .flatMapToInt(sequence -> {
                    int[] ids = sequence.ids();
                    return Arrays.stream(sequence.predicting()).map(i -> ids[i + 1]);
                })
                .toArray();
        return new HeadLoss.Targets(positions, next);
    }
}
