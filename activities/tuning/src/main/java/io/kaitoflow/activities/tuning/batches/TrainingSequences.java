package io.kaitoflow.activities.tuning.batches;

import io.kaitoflow.activities.dataset.tokens.MeasuredRows;
import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Sequences that are put together from rows whenever they are asked for, so that only those of a step are in memory. */
public final class TrainingSequences extends AbstractList<TrainingSequence> implements RandomAccess {

    private final List<TokenisedRow> rows;
    private final int size;
    private final IntFunction<int[]> members;

    private TrainingSequences(List<TokenisedRow> rows, int size, IntFunction<int[]> members) {
        this.rows = rows;
        this.size = size;
        this.members = members;
    }

    /** Each row a sequence of its own. */
    public static TrainingSequences alone(List<TokenisedRow> rows) {
        return new TrainingSequences(rows, rows.size(), index -> new int[] {index});
    }

    /** @param members numbers of the rows of each sequence */
    static TrainingSequences packed(List<TokenisedRow> rows, List<int[]> members) {
        return new TrainingSequences(rows, members.size(), members::get);
    }

    @Override
    public TrainingSequence get(int index) {
        return new TrainingSequence(
                IntStream.of(members.apply(index)).mapToObj(rows::get).toList());
    }

    /** Tokens of a sequence; its rows are not read where their lengths are known without. */
    public int length(int index) {
        return IntStream.of(members.apply(index)).map(this::lengthOfRow).sum();
    }

    private int lengthOfRow(int row) {
        return rows instanceof MeasuredRows measured
                ? measured.length(row)
                : rows.get(row).length();
    }

    /** Tokens of all of them. */
    public long tokens() {
        return IntStream.range(0, size).mapToLong(this::length).sum();
    }

    @Override
    public int size() {
        return size;
    }
}
