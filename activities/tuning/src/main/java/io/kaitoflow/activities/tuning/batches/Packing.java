package io.kaitoflow.activities.tuning.batches;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Puts rows into as few sequences as it can: the longest first, each where it leaves the least room. No row is cut. The same
 * rows always give the same sequences.
 */
public final class Packing {

    private final int limit;
    private final List<IntStream.Builder> sequences = new ArrayList<>();
    private final TreeMap<Integer, Deque<IntStream.Builder>> byRoom = new TreeMap<>();

    private Packing(int limit) {
        this.limit = limit;
    }

    /** @param limit tokens of a sequence; longer rows stay alone */
    public static TrainingSequences of(List<TokenisedRow> rows, int limit) {
        int[] lengths = rows.stream().mapToInt(TokenisedRow::length).toArray();
        Packing packing = new Packing(limit);
        IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt((Integer row) -> lengths[row]).reversed())
                .forEach(row -> packing.add(row, lengths[row]));
        return TrainingSequences.packed(
                rows,
                packing.sequences.stream().map(row -> row.build().toArray()).toList());
    }

    private void add(int row, int length) {
        Map.Entry<Integer, Deque<IntStream.Builder>> tightest = byRoom.ceilingEntry(length);
        if (tightest == null) {
            IntStream.Builder fresh = IntStream.builder();
            sequences.add(fresh);
            put(fresh, row, limit - length);
            return;
        }
        IntStream.Builder sequence = tightest.getValue().removeFirst();
        if (tightest.getValue().isEmpty()) {
            byRoom.remove(tightest.getKey());
        }
        put(sequence, row, tightest.getKey() - length);
    }

    private void put(IntStream.Builder sequence, int row, int roomLeft) {
        sequence.add(row);
        if (roomLeft > 0) {
            byRoom.computeIfAbsent(roomLeft, left -> new ArrayDeque<>()).addLast(sequence);
        }
    }
}
