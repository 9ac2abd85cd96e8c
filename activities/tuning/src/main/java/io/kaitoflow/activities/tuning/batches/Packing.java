package io.kaitoflow.activities.tuning.batches;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts rows into as few sequences as it can: the longest first, each where it leaves the least room. No row is cut. The same
 * rows always give the same sequences.
 */
public final class Packing {

    private final int limit;
    private final List<List<TokenisedRow>> sequences = new ArrayList<>();
    private final TreeMap<Integer, Deque<List<TokenisedRow>>> byRoom = new TreeMap<>();

    private Packing(int limit) {
        this.limit = limit;
    }

    /** @param limit tokens of a sequence; longer rows stay alone */
    public static List<TrainingSequence> of(List<TokenisedRow> rows, int limit) {
        Packing packing = new Packing(limit);
        rows.stream()
                .sorted(Comparator.comparingInt(TokenisedRow::length).reversed())
                .forEach(packing::add);
        return packing.sequences.stream().map(TrainingSequence::new).toList();
    }

    private void add(TokenisedRow row) {
        Map.Entry<Integer, Deque<List<TokenisedRow>>> tightest = byRoom.ceilingEntry(row.length());
        if (tightest == null) {
            List<TokenisedRow> fresh = new ArrayList<>();
            sequences.add(fresh);
            put(fresh, row, limit);
            return;
        }
        List<TokenisedRow> sequence = tightest.getValue().removeFirst();
        if (tightest.getValue().isEmpty()) {
            byRoom.remove(tightest.getKey());
        }
        put(sequence, row, tightest.getKey());
    }

    private void put(List<TokenisedRow> sequence, TokenisedRow row, int room) {
        sequence.add(row);
        if (room > row.length()) {
            byRoom.computeIfAbsent(room - row.length(), left -> new ArrayDeque<>())
                    .addLast(sequence);
        }
    }
}
