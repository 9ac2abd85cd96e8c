/** Reads parquet, jsonl, json and csv files as training rows, one after the other, and names every row that is none. */
@NullMarked
package io.kaitoflow.activities.dataset.rows;

import org.jspecify.annotations.NullMarked;
