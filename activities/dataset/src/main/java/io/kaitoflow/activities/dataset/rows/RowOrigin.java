package io.kaitoflow.activities.dataset.rows;

/**
 * Where a row stands.
 *
 * @param file name as the user knows it
 * @param number from 1: the line of a jsonl file, the position of the row elsewhere (a csv's header does not count)
 */
public record RowOrigin(String file, long number) {

    @Override
    public String toString() {
        return file + ", row " + number;
    }
}
