package io.kaitoflow.activities.dataset.tokens;

/**
 * Counts rows equal to an earlier one, in bounded memory. Exact for as many different rows as are kept. Beyond that only a share of
 * all rows is watched, chosen by their fingerprints, so that equal rows are watched together; what they show stands for all.
 */
final class DuplicateCount {

    private static final int KEPT = 1 << 20;
    private static final int EMPTY = 0;

    private final int kept;
    private long[] table = new long[1 << 10];
    private int size;
    private int unwatchedBits;
    private long found;

    /** A million different rows, which take 16 MiB. */
    DuplicateCount() {
        this(KEPT);
    }

    DuplicateCount(int kept) {
        this.kept = kept;
    }

    /** @param fingerprint even in all its bits, as those of a cryptographic hash are */
    void add(long fingerprint) {
        long print = fingerprint == EMPTY ? 1L << 32 : fingerprint;
        if (!isWatched(print)) {
            return;
        }
        if (!insert(table, print)) {
            found += 1L << unwatchedBits;
        } else if (++size > kept) {
            unwatchedBits++;
            rebuild(table.length);
        } else if (2 * size > table.length) {
            rebuild(2 * table.length);
        }
    }

    long count() {
        return found;
    }

    private boolean isWatched(long print) {
        return Long.numberOfTrailingZeros(print) >= unwatchedBits;
    }

    private void rebuild(int length) {
        long[] old = table;
        table = new long[length];
        size = 0;
        for (long print : old) {
            if (print != EMPTY && isWatched(print)) {
                insert(table, print);
                size++;
            }
        }
    }

    /** False if it is there already. */
    private static boolean insert(long[] into, long print) {
        int slot = (int) (print >>> 32) & into.length - 1;
        while (into[slot] != EMPTY) {
            if (into[slot] == print) {
                return false;
            }
            slot = slot + 1 & into.length - 1;
        }
        into[slot] = print;
        return true;
    }
}
