package io.kaitoflow.activities.dataset.tokens;

import java.util.Arrays;

/** A row under construction. */
final class RowTokens {

    private int[] ids = new int[64];
    private boolean[] scored = new boolean[64];
    private int length;

    RowTokens add(int[] more, boolean areScored) {
        ensureRoomFor(more.length);
        System.arraycopy(more, 0, ids, length, more.length);
        Arrays.fill(scored, length, length + more.length, areScored);
        length += more.length;
        return this;
    }

    RowTokens add(int id, boolean isScored) {
        return add(new int[] {id}, isScored);
    }

    private void ensureRoomFor(int more) {
        if (length + more > ids.length) {
            int capacity = Math.max(length + more, 2 * ids.length);
            ids = Arrays.copyOf(ids, capacity);
            scored = Arrays.copyOf(scored, capacity);
        }
    }

    TokenisedRow row() {
        return new TokenisedRow(Arrays.copyOf(ids, length), Arrays.copyOf(scored, length));
    }
}
