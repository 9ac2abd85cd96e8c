package io.kaitoflow.activities.dataset.rows;

/** A row as it was read: to be trained on, or with the reason why not. */
public sealed interface ReadRow {

    /** Where it stands. */
    RowOrigin origin();

    /** A row to train on. */
    record Usable(RowOrigin origin, TrainingRow row) implements ReadRow {}

    /** A row that cannot be trained on. */
    record Unusable(RowOrigin origin, String problem) implements ReadRow {

        /** File, row, problem, as one sentence. */
        public String sentence() {
            return origin + ": " + problem + ".";
        }
    }
}
