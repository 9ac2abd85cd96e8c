package io.kaitoflow.activities.dataset.rows;

import java.util.Map;

/** A row before anyone asked what it means. */
sealed interface RawRecord {

    /** Row number from 1. */
    long number();

    /** The columns by name; nested values are maps, lists, texts, numbers, booleans or null. */
    record Columns(long number, Map<String, Object> values) implements RawRecord {}

    /** A row that could not be parsed; the rows after it can. */
    record Broken(long number, String problem) implements RawRecord {}
}
