package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.workflows.preflight.DatasetReport;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Counts rows as they pass by. */
final class DatasetStatistics {

    private static final int LONGEST_SHOWN = 5;

    private record Longest(int tokens, String origin) {}

    private final PriorityQueue<Longest> longest = new PriorityQueue<>(Comparator.comparingInt(Longest::tokens));
    private final DuplicateCount duplicates = new DuplicateCount();
    private final long[] rowsOfBand = new long[Integer.SIZE];
    private final MessageDigest hash = Hashing.sha256();
    private long rows;
    private long tokens;
    private long scoredTokens;
    private long truncated;

    void add(JudgedRow.Trainable row) {
        rows++;
        tokens += row.kept().length();
        scoredTokens += row.kept().scoredTokens();
        truncated += row.isTruncated() ? 1 : 0;
        duplicates.add(fingerprint(row.whole().ids()));
        rowsOfBand[band(row.kept().length())]++;
        remember(new Longest(row.whole().length(), row.origin().toString()));
    }

    private void remember(Longest row) {
        longest.add(row);
        if (longest.size() > LONGEST_SHOWN) {
            longest.poll();
        }
    }

    /** Bands end at powers of two. */
    private static int band(int tokens) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(tokens - 1);
    }

    private List<DatasetReport.Band> bands(double factor) {
        return IntStream.range(0, Integer.SIZE - 1)
                .filter(band -> rowsOfBand[band] > 0)
                .mapToObj(band -> new DatasetReport.Band(1 << band, Math.round(rowsOfBand[band] * factor)))
                .toList();
    }

    /** Half of a cryptographic hash: two of ten million rows meet by chance once in a hundred thousand data sets. */
    private long fingerprint(int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate(ids.length * Integer.BYTES);
        bytes.asIntBuffer().put(ids);
        hash.update(bytes);
        return ByteBuffer.wrap(hash.digest()).getLong();
    }

    long rows() {
        return rows;
    }

    /** Everything was counted. */
    DatasetReport exact(long heldOut) {
        return report(heldOut, 1, true);
    }

    /** A share of the rows was counted, and stands for all. */
    DatasetReport estimated(long allRows, long heldOut) {
        return report(heldOut, (double) allRows / Math.max(1, rows), false);
    }

    private DatasetReport report(long heldOut, double factor, boolean exact) {
        List<Longest> descending = longest.stream()
                .sorted(Comparator.comparingInt(Longest::tokens).reversed())
                .toList();
        return new DatasetReport(
                Math.round(rows * factor),
                heldOut,
                Math.round(tokens * factor),
                Math.round(scoredTokens * factor),
                descending.isEmpty() ? 0 : descending.getFirst().tokens(),
                Math.round(truncated * factor),
                Math.round(duplicates.count() * factor),
                exact,
                descending.stream()
                        .map(row -> row.origin() + ": " + row.tokens() + " tokens")
                        .toList(),
                bands(factor));
    }
}
